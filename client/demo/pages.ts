import type { ComponentType } from 'react'
import { BoardPage } from './board/page.tsx'
import { MeetPage } from './meet/page.tsx'
import { QuizPage } from './quiz/page.tsx'
import { SessionPage } from './session/page.tsx'

export interface DemoPage {
  path: string
  title: string
  /** One line for the home page. */
  blurb: string
  /** What it shows, for the home page: the calls behind it. */
  api: string
  Page: ComponentType
}

/** Every page of the site: the home page, the navigation and the paths follow from this list. */
export const PAGES: readonly DemoPage[] = [
  {
    path: '/meet',
    title: 'Meet',
    blurb: 'Two people who know a room’s name get a direct connection to each other.',
    api: 'meet(room)',
    Page: MeetPage,
  },
  {
    path: '/session',
    title: 'Sessions',
    blurb: 'A host opens a session, public or private, and everybody who joins is connected to the host.',
    api: 'hostSession() · joinSession()',
    Page: SessionPage,
  },
  {
    path: '/board',
    title: 'Boards',
    blurb:
      'Everybody with the link changes the same data at once, and nothing is lost when a server or a network fails.',
    api: 'openRoom() · useRoom() · usePresence()',
    Page: BoardPage,
  },
  {
    path: '/quiz',
    title: 'Quizzes',
    blurb: 'Friends plan a quiz, play it together from their own decks of cards, and come back to where they began.',
    api: 'openQuiz() · useQuiz() · useNotifications()',
    Page: QuizPage,
  },
]
