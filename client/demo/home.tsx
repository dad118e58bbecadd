import { PAGES } from './pages.ts'

/** What Foyer is, and where to see it. */
export function Home() {
  return (
    <>
      <section className="hero">
        <h1>Where people meet, and what they share.</h1>
        <p className="lead">
          Foyer brings people together who know a name or a link: by a direct WebRTC connection between their browsers,
          or on data that they share and that the service keeps. It is one typed service on Bun and MongoDB, and these
          pages run on its public client alone.
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
