import { router } from './trpc.ts'
export const sessionRouter = router({})
