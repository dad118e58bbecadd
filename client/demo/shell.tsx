import type { ReactNode } from 'react'
import { PAGES } from './pages.ts'

/** What every page has around it. */
export function Shell({ path, children }: { path: string; children: ReactNode }) {
  return (
    <>
      <header className="site">
        <a className="wordmark" href="/" aria-current={path === '/' ? 'page' : undefined}>
          <Door />
          Foyer
        </a>
        <nav aria-label="Pages">
          {PAGES.map((page) => (
            <a key={page.path} href={page.path} aria-current={page.path === path ? 'page' : undefined}>
              {page.title}
            </a>
          ))}
        </nav>
      </header>
      <main>{children}</main>
    </>
  )
}

export function Missing() {
  return (
    <section className="hero">
      <h1>There is no page here</h1>
      <p className="lead">
        The address may be mistyped. <a href="/">Go to the start page.</a>
      </p>
    </section>
  )
}

const Door = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M8 26V14a8 8 0 0 1 16 0v12M16 26V13M4 26h24" />
  </svg>
)
