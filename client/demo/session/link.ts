/** Where one joins the session of this name. */
export const linkTo = (name: string): string => `${location.origin}/session?${new URLSearchParams({ name })}`
