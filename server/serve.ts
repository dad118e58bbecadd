/** Against Elysia's own defaults, which share a port with whoever has it already, and show a crash with its source. */
export const SERVE = { reusePort: false, development: false } as const
