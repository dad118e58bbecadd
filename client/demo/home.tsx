import { PAGES } from './pages.ts'

/** What Foyer is, and where to see it. */
export function Home() {
  return (
    <>
      <section className="hero">
        <h1>A way in, then out of the way.</h1>
        <p className="lead">
          Foyer brings browsers together that know a name, and hands them a direct WebRTC connection. It is one typed
          service on Bun and MongoDB, and these pages run on its public client alone.
        </p>
      </section>
      <ul className="cards">
        {PAGES.map(({ path, title, blurb, api }) => (
          <li key={path}>
            <a className="card" href={path}>
              <h2>{title}</h2>
              <p>{blurb}</p>
              <code>{api}</code>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
