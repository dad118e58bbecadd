import type { Services } from './services.ts'
export const createSessions = (_services: Services) => ({})
