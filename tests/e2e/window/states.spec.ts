import { expect, test } from '../support/fake-host'
import { fakeInfo } from '../fake/fake-tree'
import { job } from './jobs'

const IMAGE = 'debian-12.1.0-amd64-netinst.iso'

/** What an engine says of an image whose views it has not read to the end. */
function unread() {
  const info = fakeInfo('debian-12.1.0-amd64-netinst.iso')
  return { ...info, views: info.views.map((view) => ({ ...view, entryCount: null })) }
}

test('a million rows are scrolled from end to end', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  await expect(app.right.status).toContainText('1,000,000 items')
  await app.press('End')
  await expect(app.right.row('frame-0999999.raw')).toBeVisible()
  await app.press('ArrowUp')
  await expect(app.right.row('frame-0999998.raw')).toHaveAttribute('aria-selected', 'true')
  await app.press('Home')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
})

test('a notch of the wheel moves a long list by a few rows', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  await app.right.grid.hover()
  await app.page.mouse.wheel(0, 280)
  await expect(app.right.row('frame-0000012.raw')).toBeInViewport()
  await expect(app.right.row('frame-0000000.raw')).not.toBeInViewport()
})

test('the scroll bar reaches the middle of a long list', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  await app.right.grid.evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight / 2
  })
  await expect.poll(() => app.right.names()).toContain('frame-0500030.raw')
})

test('everything in a long list can be selected', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.openRow('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
  await app.press('Control+a')
  await expect(app.right.status).toContainText('1,000,000 of 1,000,000 selected')
})

test('damage is said in words, in the row and in the card', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.element.getByRole('button', { name: 'About this image, which is damaged' }).click()
  await expect(app.page.getByRole('dialog')).toContainText('93% complete: 44 MB missing at the end.')
  await app.press('Escape')
  await app.right.openRow('install.amd')
  await expect(app.right.row('initrd.gz')).toContainText('partial')
})

test('an engine that starts again is mentioned, and the rows come back', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  engine.emit('engine.restarted', { reason: 'It did not answer.' })
  await expect(app.toasts).toContainText('was started again')
  await expect(app.toasts).toContainText('It did not answer.')
  await expect(app.right.row('boot')).toBeVisible()
})

test('an engine that is given up is said in a banner, with why and where to read more', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  engine.emit('engine.stopped', { reason: 'SIGSEGV', times: 6, log: '/home/ann/isolde.log' })
  const banner = app.page.getByRole('alert').filter({ hasText: 'has stopped' })
  await expect(banner).toContainText('Close Isolde and start it again')
  await expect(banner).toContainText('6 times within a minute (SIGSEGV)')
  await expect(banner).toContainText('/home/ann/isolde.log')
  // Nothing waits for an answer that never comes.
  await app.right.openRow('boot')
  await expect(app.page.getByRole('alert').filter({ hasText: 'has stopped' })).toHaveCount(2)
})

test('a lost connection shows a banner', async ({ app }) => {
  await app.stopHost()
  await expect(app.page.getByRole('alert')).toContainText('Isolde is not responding.')
})

test('a typed path is waited for while its image is being read, and missed only afterwards', async ({
  app,
  engine,
}) => {
  engine.isReading = true
  await app.left.openRow('debian-12.1.0-amd64-netinst.iso')
  await expect(app.right.row('boot')).toBeVisible()
  await app.right.typePath('isolinux')
  await expect(app.right.status).toHaveText('Waiting for “isolinux”: the image is still being read.')
  engine.finishReading()
  await expect(app.right.row('isolinux.cfg')).toBeVisible()
  await expect(app.right.status).toContainText('item')

  // One that is not there at all is waited for as well, and can be given up.
  engine.isReading = true
  engine.emit('image.changed', { image: 0, generation: 1, info: unread() })
  await app.right.typePath('nowhere')
  await app.right.element.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.right.row('isolinux.cfg')).toBeVisible()
  await app.right.typePath('nowhere')
  await expect(app.right.status).toContainText('Waiting for “nowhere”')
  engine.finishReading()
  await expect(app.right.message).toContainText('no such path')
})

test('an image that is read to its end while its first rows are on their way shows them all', async ({
  app,
  engine,
}) => {
  engine.endsWhileAsked = 'empty'
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
})

test('the first rows of an image can be entered while the rest is still asked for', async ({ app, engine }) => {
  engine.endsWhileAsked = 'late'
  await app.left.openRow(IMAGE)
  await app.right.openRow('boot')
  await expect(app.right.path).toContainText('boot')
})

test('keys that follow a typed name mean the row that it leads to', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('many')).toBeVisible()
  await app.right.focus()
  let find: () => void = () => undefined
  engine.holdNames = new Promise((resolve) => (find = resolve))
  for (const key of ['m', 'a', 'n', 'Enter']) await app.press(key)
  await expect(app.right.path).not.toContainText('many')
  find()
  await expect(app.right.path).toContainText('many')
  await expect(app.right.row('frame-0000000.raw')).toBeVisible()
})

test('a key that would act long after it was pressed is dropped', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('many')).toBeVisible()
  await app.right.focus()
  let find: () => void = () => undefined
  engine.holdNames = new Promise((resolve) => (find = resolve))
  for (const key of ['m', 'Enter']) await app.press(key)
  const pressed = await app.page.evaluate(() => performance.now())
  await app.page.waitForFunction((since) => performance.now() > since + 1600, pressed)
  find()
  await expect(app.right.row('many')).toHaveAttribute('aria-selected', 'true')
  await expect(app.right.path).not.toContainText('many')
})

test('a job shows how far it is; the queue opens and folds', async ({ app, engine }) => {
  engine.setJobs([job(), job({ id: 'job-2', position: 2, state: 'queued', sourceName: 'other.iso' })])
  await expect(app.queue).toContainText('68%')
  await expect(app.queue).toContainText('212 MB/s')
  await expect(app.queue).toContainText('0:03 left')
  await app.press('Control+j')
  await expect(app.queue).toContainText('other.iso')
  await expect(app.queue.getByRole('progressbar')).toHaveCount(2)
  await app.press('Control+j')
  await expect(app.queue).not.toContainText('other.iso')
})

test('what a job could not write is said where it ends', async ({ app, engine }) => {
  engine.setJobs([job()])
  await expect(app.queue).toContainText('68%')
  engine.setJobs([
    job({
      state: 'done',
      result: { kind: 'extract', files: 1203, directories: 80, symlinks: 0, bytesWritten: 622_000_000, problems: 1 },
      problems: [
        {
          path: 'pool/main/b/busybox_1.35.0-4_amd64.deb',
          to: null,
          byteLength: 452_204,
          status: 'failed',
          code: 'CONTENT_DAMAGED',
          message: 'Its content lies past the end of the image.',
        },
        {
          path: 'docs/aux.txt',
          to: 'docs/aux_.txt',
          byteLength: 12,
          status: 'renamed',
          code: 'UNSAFE_NAME',
          message: 'The name is not possible there.',
        },
      ],
    }),
  ])
  await expect(app.toasts).toContainText('Extracted 1,203 files, 622 MB')
  await expect(app.toasts).toContainText('1 problem: busybox_1.35.0-4_amd64.deb')
  // What is there under another name is none, and where it is has to be told.
  await app.queue.getByRole('button', { name: '1 problem · 1 renamed' }).click()
  await expect(app.queue).toContainText('Its content lies past the end of the image.')
  await expect(app.queue).toContainText('It is there as “docs/aux_.txt”.')
  await expect(app.queue.getByRole('button', { name: 'Retry failed files' })).toHaveCount(0)
})

test('what cannot be undone says so, and why where it is too much', async ({ app, engine }) => {
  const result = { kind: 'extract' as const, files: 100, directories: 0, symlinks: 0, bytesWritten: 2, problems: 0 }
  engine.setJobs([job({ state: 'done', result })])
  await app.press('Control+z')
  await expect(app.toasts.filter({ hasText: 'cannot be undone.' })).toBeVisible()
  engine.setJobs([job({ state: 'done', result: { ...result, files: 49_999, symlinks: 2 } })])
  await app.press('Control+z')
  await expect(app.toasts.filter({ hasText: 'cannot be undone: it wrote more than 50,000' })).toBeVisible()
})

test('nothing is undone while what was begun after it still runs', async ({ app, engine }) => {
  engine.setJobs([job({ state: 'running' })])
  await app.press('Control+z')
  await expect(app.toasts).toContainText('is still running. Cancel it, or wait until it has ended.')
  await expect(app.dialog).toBeHidden()
})

test('files that failed in a finished job can be tried alone', async ({ app, engine }) => {
  const problems = [{ path: 'a.bin', to: null, byteLength: 1, status: 'failed' as const, message: 'It is lost.' }]
  const result = { kind: 'extract' as const, files: 2, directories: 0, symlinks: 0, bytesWritten: 2, problems: 1 }
  engine.setJobs([job({ state: 'done', result, problems, canRetryFailed: true })])
  await app.queue.getByRole('button', { name: '1 problem' }).click()
  await app.queue.getByRole('button', { name: 'Retry failed files' }).click()
  const asked = () => engine.posted.filter((message) => (message as { name?: string }).name === 'job.retryFailed')
  await expect.poll(asked).toMatchObject([{ input: { job: 'job-1' } }])
})

test('what each kind of job comes to is said in its own words', async ({ app, engine }) => {
  engine.setJobs([job({ kind: 'verify' })])
  await expect(app.queue).toContainText('Verifying debian-12.iso')
  engine.setJobs([job({ kind: 'verify', state: 'done', result: { kind: 'verify', sums: 7, problems: 0 } })])
  await expect(app.toasts).toContainText('Passed all 7 checks')
  await expect(app.queue).toContainText('7 checks passed')
  await expect(app.queue).toContainText('Verified debian-12.iso')
  engine.setJobs([
    job({ id: 'job-2', kind: 'hash', state: 'done', result: { kind: 'hash', files: 3, byteLength: 9, problems: 0 } }),
  ])
  await expect(app.toasts.last()).toContainText('Files hashed: 3')
})

test('a job that cannot go on says why in the language of the window', async ({ app, engine }) => {
  engine.change({ language: 'de' })
  const error = { code: 'PASSWORD_GONE', message: 'English', details: { reason: 'passwordLost', name: 'a.iso' } }
  engine.setJobs([job({ state: 'failed', error })])
  await expect(app.page.getByRole('region', { name: 'Warteschlange' })).toContainText(
    'Das Archiv von „a.iso“ sollte verschlüsselt werden',
  )
})

test('leaving while a job runs asks first', async ({ app, engine }) => {
  engine.setJobs([job()])
  await expect(app.queue).toContainText('68%')
  await app.left.row('notes.txt').click()
  const asked = app.page.waitForEvent('dialog')
  const closing = app.page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await closing
  await expect(app.queue).toContainText('68%')
})

test('the page keeps to its policy', async ({ app }) => {
  const broken: string[] = []
  app.page.on('console', (message) => {
    if (message.type() === 'error') broken.push(message.text())
  })
  await app.left.openRow(IMAGE)
  await app.press('F3')
  await app.press('Control+k')
  await expect(app.dialog).toBeVisible()
  await app.press('Escape')
  await app.press('Control+,')
  await expect(app.dialog).toContainText('Appearance')
  await app.press('Escape')
  await app.page.getByRole('menuitem', { name: 'View' }).click()
  await expect(app.page.getByRole('menu')).toBeVisible()
  expect(broken).toEqual([])
})

test('names that have to change are shown before anything is written', async ({ app, engine }) => {
  engine.plan = { renames: [{ path: 'aux.c', to: 'aux_.c' }], renameTotal: 12 }
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.press('F5')
  await expect(app.dialog).toContainText('12 names will be written differently')
  await expect(app.dialog).toContainText('aux.c → aux_.c')
  await expect(app.dialog).toContainText('and 11 more')
  await app.dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(engine.posted.some((message) => JSON.stringify(message).includes('job.start'))).toBe(false)
})

test('a disk without enough room is said beforehand, in figures', async ({ app, engine }) => {
  engine.plan = { bytesTotal: 8_500_000_000, freeBytes: 212_000_000 }
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.press('F5')
  await expect(app.dialog).toContainText('Needs 8.5 GB; 212 MB free.')
  await app.dialog.getByRole('button', { name: 'Extract anyway' }).click()
  await expect.poll(() => engine.posted.some((message) => JSON.stringify(message).includes('job.start'))).toBe(true)
})

test('an image that takes its time shows how far it is, and can be given up', async ({ app, engine }) => {
  engine.isSlow = true
  await app.left.openRow(IMAGE)
  await expect(app.right.message).toContainText('Reading…')
  const path = await app.left.element.getByRole('tab').first().getAttribute('title')
  engine.emit('image.unpacking', { path: `${path}/${IMAGE}`, bytesDone: 420, bytesTotal: 1000 })
  await expect(app.right.message).toContainText('Unpacking… 42%')
  await app.right.message.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.right.element).toContainText('Drop a disc image here, or open one.')
  expect(engine.posted.some((message) => JSON.stringify(message).includes('"cancel"'))).toBe(true)
})

test('an image whose file is gone says so in its place', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  engine.emit('image.gone', { image: 0, message: `“${IMAGE}” was moved or deleted.` })
  await expect(app.right.message).toContainText('was moved or deleted')
  await app.right.message.getByRole('button', { name: 'Try again' }).click()
  await expect(app.right.row('boot')).toBeVisible()
})

test('what a filter hides is not selected', async ({ app }) => {
  await app.left.openRow(IMAGE)
  await app.right.row('README.txt').click()
  await app.press('Control+f')
  await app.page.keyboard.type('zzz')
  await expect(app.right.message).toContainText('zzz')
  await expect(app.right.status).toHaveText('Empty')
})

test('an empty search says what it looks through', async ({ app, engine }) => {
  await app.left.openRow(IMAGE)
  await expect(app.right.row('boot')).toBeVisible()
  await app.press('Alt+F7')
  const message = app.active.locator('.message')
  await expect(message).toContainText('Type what to look for.')
  await expect(message).toContainText('Images searched: 4 · Offline images: 1')
  await expect(message.getByRole('listitem').filter({ hasText: 'Photos 2009.iso' })).toContainText('Offline')
  await expect(message.getByRole('listitem').filter({ hasText: 'Encarta 97.cue' })).not.toContainText('Offline')

  await app.active.getByRole('combobox', { name: 'Image' }).selectOption(IMAGE)
  await expect(message).toContainText(`Only “${IMAGE}” is searched.`)
  await app.active.getByRole('combobox', { name: 'Image' }).selectOption('All images')
  await expect(message).toContainText('Images searched: 4')

  // By mouse it is the same; without any image it says what to do.
  engine.arrange = () => []
  await app.left.element.click({ position: { x: 40, y: 400 } })
  await app.page.getByRole('toolbar').getByRole('button', { name: 'Find in all images' }).click()
  await expect(app.left.message).toContainText('No image is known yet.')
})
