import { createRoot } from 'react-dom/client'
import { Home } from './home.tsx'
import { PAGES } from './pages.ts'
import { Missing, Shell } from './shell.tsx'

const path = location.pathname.replace(/\/+$/, '') || '/'
const page = PAGES.find((one) => one.path === path)
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

if (page !== undefined) document.title = `${page.title} · Foyer`
createRoot(root).render(
  <Shell path={path}>{page !== undefined ? <page.Page /> : path === '/' ? <Home /> : <Missing />}</Shell>,
)
