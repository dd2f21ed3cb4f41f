import type { Page } from '@playwright/test'

/** From the key or click that `act` makes until something is on the page, in milliseconds of the page's own clock. */
export async function timeUntil(page: Page, selector: string, act: () => Promise<void>): Promise<number> {
  await page.evaluate((wanted) => {
    const begin = (event: Event): void => {
      const look = (): void => {
        if (document.querySelector(wanted)) Object.assign(window, { took: performance.now() - event.timeStamp })
        else requestAnimationFrame(look)
      }
      look()
      window.removeEventListener('keydown', begin, true)
      window.removeEventListener('click', begin, true)
    }
    Object.assign(window, { took: null })
    window.addEventListener('keydown', begin, true)
    window.addEventListener('click', begin, true)
  }, selector)
  await act()
  const handle = await page.waitForFunction(() => (window as unknown as { took: number | null }).took)
  return (await handle.jsonValue()) ?? NaN
}
