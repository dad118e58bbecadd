import type { Page } from 'playwright-core'

/** Writes a line in the chat of a demo page, as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Message', { exact: true })
  await field.fill(text)
  await field.press('Enter')
}

/** Waits for a line of another; `who` names its author where there are several. */
export async function hear(page: Page, text: string, who = ''): Promise<void> {
  await page.locator('[data-from=peer]', { hasText: text }).filter({ hasText: who }).waitFor()
}

/** Waits until the page's part with this test id is in this state. */
export const reach = (page: Page, testid: string, state: string) =>
  page.waitForSelector(`[data-testid=${testid}][data-state=${state}]`)

/** What a part of the page says. */
export const textOf = (page: Page, testid: string) => page.getByTestId(testid).innerText()
