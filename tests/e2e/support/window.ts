import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'

/** The window, as a person meets it. Specs say what is done; how it is found on the page is known here. */
export class IsoldeWindow {
  readonly left: PaneObject
  readonly right: PaneObject

  constructor(
    readonly page: Page,
    /** Ends the host behind the window, where a spec may do that. */
    readonly stopHost: () => Promise<void> = () => Promise.resolve(),
    private readonly isDesktop = false,
  ) {
    this.left = new PaneObject(page.locator('[data-pane=left]'))
    this.right = new PaneObject(page.locator('[data-pane=right]'))
  }

  /** A browser keeps Ctrl+T and Ctrl+W to itself. */
  get tabKeys(): { add: string; close: string } {
    return this.isDesktop ? { add: 'Control+t', close: 'Control+w' } : { add: 'Alt+t', close: 'Alt+w' }
  }

  async isReady(): Promise<void> {
    await expect(this.left.element).toBeVisible()
  }

  get active(): Locator {
    return this.page.locator('section.pane.active')
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  get conflict(): Locator {
    return this.page.getByRole('alertdialog')
  }

  get toasts(): Locator {
    return this.page.locator('.toast')
  }

  get queue(): Locator {
    return this.page.getByRole('region', { name: 'Queue' })
  }

  get preview(): Locator {
    return this.page.getByRole('complementary', { name: 'Preview' })
  }

  /** What is in the file: the frame in which the preview shows it, once there is something to be seen. */
  get inside(): FrameLocator {
    return this.preview.frameLocator('iframe.shown')
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys)
  }

  /** Through the open dialog, by typing a path; on a desktop that is the system's, which nobody can type into here. */
  async open(path: string): Promise<void> {
    if (this.isDesktop) {
      // In a tab of its own, as from the dialog.
      if (!(await this.active.locator('[data-start]').isVisible())) await this.press(this.tabKeys.add)
      await new PaneObject(this.active).typePath(path)
      return
    }
    await this.press('Control+o')
    const field = this.dialog.getByRole('combobox')
    await expect(field).not.toHaveValue('')
    await field.fill(path)
    await field.press('Enter')
  }

  /** Takes a pane to a folder of this computer, by its path bar. */
  async goTo(pane: PaneObject, path: string): Promise<void> {
    await pane.typePath(path)
  }

  /** Through the palette, by name. */
  async run(command: string): Promise<void> {
    await this.press('Control+k')
    await this.dialog.getByRole('combobox').fill(command)
    await this.press('Enter')
  }
}

/** One of the two panes. */
export class PaneObject {
  constructor(readonly element: Locator) {}

  get grid(): Locator {
    return this.element.getByRole('grid')
  }

  get rows(): Locator {
    return this.grid.locator('.rows > [role=row]')
  }

  get status(): Locator {
    return this.element.locator('footer .summary')
  }

  get message(): Locator {
    return this.element.locator('.message')
  }

  get transferButton(): Locator {
    return this.element.locator('footer button')
  }

  get viewSwitcher(): Locator {
    return this.element.getByRole('button', { name: /^View:/ })
  }

  get path(): Locator {
    return this.element.getByRole('navigation', { name: 'Path' })
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.element.page().locator(`.label:text-is(${JSON.stringify(name)})`) })
  }

  tab(name: string): Locator {
    return this.element.getByRole('tab', { name })
  }

  async names(): Promise<string[]> {
    return this.rows.locator('.label').allTextContents()
  }

  async focus(): Promise<void> {
    await this.element.locator('[data-rows], [data-start]').first().focus()
  }

  async openRow(name: string): Promise<void> {
    await this.row(name).dblclick()
  }

  async switchView(name: string | RegExp): Promise<void> {
    await this.viewSwitcher.click()
    await this.element.page().getByRole('menuitemradio', { name }).click()
  }

  async chooseCharset(name: string): Promise<void> {
    await this.viewSwitcher.click()
    const page = this.element.page()
    await page.getByRole('menuitem', { name: 'Encoding of names' }).press('ArrowRight')
    await page.getByRole('menuitemradio', { name, exact: true }).click()
  }

  async typePath(path: string): Promise<void> {
    await this.element.getByRole('tab', { selected: true }).click()
    const start = this.element.locator('[data-start]')
    await ((await start.isVisible()) ? start : this.element.locator('[data-rows]')).focus()
    await this.element.page().keyboard.press('Control+l')
    const field = this.element.getByRole('combobox', { name: 'Type a path' })
    await field.fill(path)
    await field.press('Enter')
  }
}
