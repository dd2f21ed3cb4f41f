import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../../src-main/sinks/running'
import { SAMPLE, temporaryFolder } from '../support'
import { sampleFiles } from './sample-files'
import { folders, RunningDesktop } from './run-desktop'

/** A folder where a name of the sample's is taken, so that an extraction asks. */
function takenFolder(home: string): string {
  const folder = path.join(home, 'taken')
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'Welcome.txt'), 'Mine.\n')
  return folder
}

/** The built main process with its real engine, on a stand-in for Electron: see docs/desktop.md for what this shows. */

describe('a start', () => {
  it('makes one window with no rights, of a page whose policy allows nothing from elsewhere', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, schemes, session, asked }) => {
      const { headers, html, exposed } = await page()
      return {
        preferences: windows().map((window) => window.webPreferences),
        address: windows()[0]?.webContents.getURL(),
        isVisible: windows()[0]?.isVisible(),
        policy: headers.get('content-security-policy') ?? '',
        html,
        exposed: Object.keys(exposed),
        privileges: schemes.get('app'),
        granted: ['media', 'clipboard-read', 'fileSystem', 'clipboard-sanitized-write'].flatMap((name) =>
          [
            { url: 'app://isolde/index.html', isMainFrame: true },
            { url: 'app://isolde/index.html', isMainFrame: false },
            { url: 'app://verbs/index.html', isMainFrame: true },
            { url: 'https://example.org/', isMainFrame: true },
          ].flatMap((asking) => {
            const { whenAsked, whenChecked } = session.defaultSession.grants(name, asking)
            return whenAsked || whenChecked ? [{ name, ...asking, whenAsked, whenChecked }] : []
          }),
        ),
        devices: session.defaultSession.grantsDevices(),
        saving: session.defaultSession.download('notes.txt'),
        menus: asked.filter(({ what }) => what === 'menu').map(({ details }) => details),
      }
    })
    expect(seen.preferences).toHaveLength(1)
    expect(seen.preferences[0]).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    })
    expect(seen.preferences[0]).not.toHaveProperty('webSecurity')
    expect(seen.address).toBe('app://isolde/index.html')
    expect(seen.isVisible).toBe(true)
    // The scripts of preview frames are named one by one, by what is in them.
    expect(seen.policy).toMatch(/^default-src 'none'; script-src 'self'(?: 'sha256-[\w+/]{43}='){2};/)
    expect(seen.policy).not.toContain('unsafe')
    const nonce = /'nonce-([^']*)'/.exec(seen.policy)?.[1] ?? 'none'
    expect(seen.html).toContain(nonce)
    expect(seen.html).not.toContain('__STYLE_NONCE__')
    expect(seen.exposed).toEqual(['isolde'])
    expect(seen.privileges).toEqual({ standard: true, secure: true, supportFetchAPI: true, stream: true })
    // Text may be copied, by the page itself and by nothing in it or beside it.
    expect(seen.granted).toEqual([
      {
        name: 'clipboard-sanitized-write',
        url: 'app://isolde/index.html',
        isMainFrame: true,
        whenAsked: true,
        whenChecked: true,
      },
    ])
    expect(seen.devices).toBe(false)
    expect(seen.saving).toEqual({ title: expect.stringContaining('notes.txt') as string })
    if (process.platform !== 'darwin') expect(seen.menus).toEqual([null])
  })

  it('of a second program gives its image to the first and ends', async () => {
    const own = folders()
    const first = new RunningDesktop([], own)
    await first.evaluate(async ({ page, windows }) => {
      await page()
      windows()[0]!.minimized = true
    })
    const second = new RunningDesktop(['sample.iso'], own, { cwd: path.dirname(SAMPLE) })
    expect(await second.ended).toBe(0)
    const seen = await first.evaluate(async ({ page, windows, until }) => {
      const { received } = await page()
      const open = await until(() =>
        received.find((message) => (message as { name?: string }).name === 'open.requested'),
      )
      return { open, windows: windows().map(({ minimized, focused }) => ({ minimized, focused })) }
    })
    // Relative to where the second one was started.
    expect(seen.open).toMatchObject({ payload: { paths: [SAMPLE] } })
    expect(seen.windows).toEqual([{ minimized: false, focused: 1 }])
  })

  it('with an image names it to the page, and to no page after it', async () => {
    const app = new RunningDesktop([SAMPLE], folders())
    const [first, again] = await app.evaluate(async ({ page, windows, until }) => {
      const before = await page()
      const first = await before.call('engine.hello', {})
      const { webContents } = windows()[0]!
      webContents.reload()
      await until(() => webContents.page !== before && webContents.page)
      return [first, await (await page()).call('engine.hello', {})]
    })
    expect(first).toMatchObject({ host: 'desktop', openAtStart: [SAMPLE] })
    expect(again).toMatchObject({ openAtStart: [] })
  })

  it('whose engine cannot start says at once why, and ends', async () => {
    const own = folders()
    const program = path.join(temporaryFolder(), 'dist/main/desktop.js')
    fs.cpSync('dist', path.join(program, '../..'), { recursive: true })
    fs.symlinkSync(path.resolve('node_modules'), path.join(program, '../../../node_modules'))
    fs.symlinkSync(path.resolve('resources'), path.join(program, '../../../resources'))
    // What it imports is not there: the runtime itself says so, and nothing of the engine runs.
    const engine = path.join(path.dirname(program), 'engine.js')
    fs.writeFileSync(engine, `import { nothing } from 'node:zlib'\n${fs.readFileSync(engine, 'utf8')}`)
    const started = Date.now()
    const app = new RunningDesktop([], own, { program })
    expect(await app.ended).toBe(1)
    expect(app.output).toMatch(/Isolde does not start: Isolde’s engine does not start: exit 1, SyntaxError: .*nothing/)
    expect(Date.now() - started).toBeLessThan(15_000)
  })

  it('by Finder opens what it names, before there is a window and after', async () => {
    const app = new RunningDesktop([], folders(), { earlyFile: '/tmp/early.iso' })
    const seen = await app.evaluate(async ({ app, page, preventable, until }) => {
      const own = await page()
      const { openAtStart } = await own.call('engine.hello', {})
      const event = preventable()
      app.emit('open-file', event, '/tmp/later.iso')
      const open = await until(() =>
        own.received.find((message) => (message as { name?: string }).name === 'open.requested'),
      )
      return { openAtStart, open, isPrevented: event.defaultPrevented }
    })
    expect(seen).toMatchObject({
      openAtStart: ['/tmp/early.iso'],
      open: { payload: { paths: ['/tmp/later.iso'] } },
      isPrevented: true,
    })
  })

  it('keeps the computer awake while a job is at work, and asks before it is stopped', async () => {
    const own = folders()
    const app = new RunningDesktop([], own)
    const seen = await app.evaluate(
      async ({ app, page, windows, asked, answers, until, wait }, { image, destination }) => {
        const own = await page()
        const opened = await own.call('image.open', { location: { kind: 'path', path: image, inside: [] } })
        const { job } = await own.call('job.start', {
          kind: 'extract',
          spec: {
            image: opened.image,
            generation: opened.generation,
            view: 'rock-ridge',
            entries: null,
            destination,
            conflicts: 'ask',
            smart: false,
          },
        })
        // It waits for an answer, and is at work until then.
        await until(() => asked.some(({ what }) => what === 'stay awake'))
        answers.button = 1
        app.quit()
        const questions = (): number => asked.filter(({ what }) => what === 'question').length
        await until(() => questions() === 1)
        const kept = windows().length
        windows()[0]?.close()
        // The engine is asked first whether the job is at work still.
        await until(() => questions() === 2)
        await wait(50)
        return { job, kept, still: windows().length, questions: questions() }
      },
      { image: SAMPLE, destination: takenFolder(own.home) },
    )
    expect(seen).toMatchObject({ kept: 1, still: 1, questions: 2 })
    await app.evaluate(({ app, answers }) => {
      answers.button = 0
      setImmediate(() => {
        app.quit()
      })
    })
    expect(await app.ended).toBe(0)
  })

  it('as packaged reads its own arguments, and installs what is asked for', async () => {
    const own = folders()
    const app = new RunningDesktop(['--install-file-manager-actions'], own, {
      resources: path.resolve('resources/linux'),
    })
    expect(await app.ended).toBe(0)
    if (process.platform !== 'linux') return
    const script = path.join(own.home, '.local/share/nautilus/scripts/Extract Here with Isolde')
    expect(fs.readFileSync(script, 'utf8')).toContain(`program='${process.execPath}'`)
  })
})

describe('the protocol', () => {
  it('serves the window’s own files and refuses whatever leads out', async () => {
    const app = new RunningDesktop([], folders())
    const answers = await app.evaluate(async ({ page, answerOf }) => {
      const { html } = await page()
      const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? ''
      const ask = async (address: string, method = 'GET') => {
        const answer = await answerOf(new Request(new URL(address, 'app://isolde/index.html'), { method }))
        const text = await answer.text()
        return { address, status: answer.status, type: answer.headers.get('content-type'), length: text.length }
      }
      return {
        script: await ask(script),
        refused: await Promise.all(
          [
            '/',
            '/../main/desktop.js',
            '/%2e%2e/main/desktop.js',
            '/..%2fmain%2fdesktop.js',
            '/assets/..%2f..%2fmain/desktop.js',
            '/assets/%5c..%5c..%5cmain%5cdesktop.js',
            '/%00',
            '/%E0%A4%A',
            '/assets',
            '/missing.js',
            '/content/1/1/rock-ridge/1/x',
            'app://verbs/desktop.js',
            'app://verbs/../renderer/index.html',
            'app://elsewhere/index.html',
          ].map((address) => ask(address)),
        ),
        posted: await ask('/index.html', 'POST'),
      }
    })
    expect(answers.script).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' })
    expect(answers.script.length).toBeGreaterThan(100_000)
    for (const answer of [...answers.refused, answers.posted]) {
      expect(answer.status, answer.address).toBe(404)
      expect(answer.length, answer.address).toBeLessThan(100)
    }
  })

  it('gives bytes of a file in an image, whole and by range', async () => {
    const app = new RunningDesktop([], folders())
    const source = fs.readFileSync(path.join(await sampleFiles(), 'Welcome.txt'))
    const answers = await app.evaluate(async ({ page, answerOf }, image) => {
      const own = await page()
      const { image: number, generation } = await own.call('image.open', {
        location: { kind: 'path', path: image, inside: [] },
      })
      const view = 'rock-ridge'
      const { entry } = await own.call('entry.resolve', { image: number, generation, view, path: 'Welcome.txt' })
      const address = `app://isolde/content/${number}/${generation}/${view}/${entry}/Welcome.txt`
      const ask = async (range?: string) => {
        const answer = await answerOf(new Request(address, range === undefined ? {} : { headers: { range } }))
        const bytes = Buffer.from(await answer.arrayBuffer()).toString('base64')
        return { status: answer.status, bytes, headers: Object.fromEntries(answer.headers) }
      }
      return { whole: await ask(), part: await ask('bytes=3-9'), beyond: await ask('bytes=100000000-') }
    }, SAMPLE)
    expect(answers.whole.status).toBe(200)
    expect(Buffer.from(answers.whole.bytes, 'base64')).toEqual(source)
    expect(answers.whole.headers['content-security-policy']).toBe("sandbox; default-src 'none'; frame-ancestors 'self'")
    expect(answers.part.status).toBe(206)
    expect(answers.part.headers['content-range']).toBe(`bytes 3-9/${source.length}`)
    expect(Buffer.from(answers.part.bytes, 'base64')).toEqual(source.subarray(3, 10))
    expect(answers.beyond.status).toBe(416)
  })
})

describe('the page’s line', () => {
  it('opens an image in the engine and lists what is on it', async () => {
    const app = new RunningDesktop([], folders())
    const rows = await app.evaluate(async ({ page }, image) => {
      const own = await page()
      const opened = await own.call('image.open', { location: { kind: 'path', path: image, inside: [] } })
      const directory = { image: opened.image, generation: opened.generation, view: 'rock-ridge', directory: 0 }
      for (;;) {
        const answer = await own.call('image.rows', {
          ...directory,
          sort: { column: 'name', descending: false, foldersFirst: true },
          filter: '',
          showHidden: true,
          mask: '',
          offset: 0,
          limit: 200,
        })
        if (answer.isComplete) return answer.rows
      }
    }, SAMPLE)
    const source = await sampleFiles()
    const expected = fs.readdirSync(source, { withFileTypes: true })
    expect(rows.map(({ name }) => name).toSorted()).toEqual(expected.map(({ name }) => name).toSorted())
    const welcome = rows.find(({ name }) => name === 'Welcome.txt')
    expect(welcome).toMatchObject({ kind: 'file', byteLength: fs.statSync(path.join(source, 'Welcome.txt')).size })
  })

  it('is refused what is not of the contract', async () => {
    const app = new RunningDesktop([], folders())
    const errors = await app.evaluate(async ({ page, until }) => {
      const own = await page()
      own.isolde.post({ type: 'command', id: 901, name: 'no.such.command', input: {} })
      own.isolde.post({ type: 'command', id: 902, name: 'image.open', input: { location: 7 } })
      own.isolde.post('nonsense' as never)
      const answer = (id: number) => own.received.find((message) => (message as { id?: number }).id === id)
      return [await until(() => answer(901)), await until(() => answer(902))]
    })
    expect(errors).toMatchObject([
      { result: { ok: false, error: { code: 'UNKNOWN_COMMAND' } } },
      { result: { ok: false, error: { code: 'BAD_REQUEST' } } },
    ])
  })

  it('stays when a navigation is refused, and so does the page', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, utilityProcesses, wait }) => {
      const own = await page()
      const [window] = windows()
      await own.call('engine.hello', {})
      await window!.webContents.followLink('https://example.org/')
      await window!.webContents.followLink('file:///etc/passwd')
      await wait(100)
      return {
        isSame: (await page()) === own,
        ports: utilityProcesses[0]?.openPorts,
        hello: await own.call('engine.hello', {}, 2000),
        opened: ['https://example.org/', 'app://isolde/index.html'].filter((url) =>
          window!.webContents.openWindow(url),
        ),
      }
    })
    expect(seen).toMatchObject({ isSame: true, ports: 1, hello: { host: 'desktop' }, opened: [] })
  })

  it('is closed when the page goes: the next has its own', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, utilityProcesses, until, wait }) => {
      const before = await page()
      await before.call('engine.hello', {})
      windows()[0]!.webContents.reload()
      await until(() => windows()[0]!.webContents.page !== before)
      const after = await page()
      await after.call('engine.hello', {})
      const received = before.received.length
      before.isolde.post({ type: 'command', id: 77, name: 'engine.hello', input: {} })
      await wait(200)
      return { more: before.received.length - received, ports: utilityProcesses.map(({ openPorts }) => openPorts) }
    })
    expect(seen).toEqual({ more: 0, ports: [1] })
  })

  it('comes back with the page after the page’s process has died, but not for ever', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, utilityProcesses, wait }) => {
      await (await page()).call('engine.hello', {})
      const { webContents } = windows()[0]!
      webContents.crash()
      const hello = await (await page()).call('engine.hello', {})
      const ports = utilityProcesses[0]?.openPorts
      for (let time = 0; time < 3; time++) {
        webContents.crash()
        await wait(150)
      }
      return { hello, ports, page: webContents.page === null }
    })
    expect(seen).toMatchObject({ hello: { host: 'desktop' }, ports: 1, page: true })
  })

  it('is not given to a page that is not the program’s, and that page makes way', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, until }) => {
      await page()
      const { webContents } = windows()[0]!
      const received: string[] = []
      webContents.on('did-navigate', (_event, url) => received.push(String(url)))
      // As Electron lets pass unasked: about: addresses come without `will-navigate`.
      await webContents.loadURL('app://elsewhere/index.html')
      await until(() => received.length === 2)
      return { received, hello: await (await page()).call('engine.hello', {}) }
    })
    expect(seen.received).toEqual(['app://elsewhere/index.html', 'app://isolde/index.html'])
    expect(seen.hello).toMatchObject({ host: 'desktop' })
  })
})

describe('messages', () => {
  it('of frames that are not the page’s own are refused', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, windows, ipcMain, asked, wait }) => {
      await page()
      const { webContents } = windows()[0]!
      const top = webContents.mainFrame
      const frames = [
        { url: 'https://example.org/', parent: null },
        { url: 'app://isolde/content/1/1/udf/3/page.html', parent: null },
        { url: 'app://isolde/index.html', parent: top },
        { url: 'app://verbs/index.html', parent: null },
        null,
      ]
      const errors: string[] = []
      for (const frame of frames) {
        ipcMain.send(webContents, frame, 'set-title', ['Somebody else’s'])
        ipcMain.send(webContents, frame, 'notify', ['a', 'b'])
        for (const channel of ['pick-images', 'pick-folder', 'reveal', 'open-with-program', 'move-to-trash'])
          await ipcMain.invoke(webContents, frame, channel, ['/etc/passwd']).catch((error: unknown) => {
            errors.push(String(error))
          })
      }
      await wait(50)
      const refused = errors.filter((error) => error.includes('This page may not ask for that.')).length
      ipcMain.send(webContents, top, 'set-title', ['Its own'])
      await wait(50)
      return { refused, title: windows()[0]?.getTitle(), asked: asked.filter(({ what }) => what !== 'menu') }
    })
    expect(seen).toEqual({ refused: 25, title: 'Its own', asked: [] })
  })

  it('of the page do one thing each', async () => {
    const app = new RunningDesktop([], folders())
    const picked = temporaryFolder()
    const seen = await app.evaluate(async ({ page, windows, answers, asked, wait }, folder) => {
      const { desktop } = (await page()).isolde
      if (!desktop) throw new Error('There is no desktop.')
      const none = await desktop.pickImages()
      answers.picked = [`${folder}/a.iso`]
      const images = await desktop.pickImages()
      await desktop.pickFolder('')
      await desktop.reveal(folder)
      await desktop.moveToTrash(folder)
      const opened = await desktop.openWithProgram('/etc/passwd')
      const relative = await desktop.reveal('relative').catch((error: unknown) => String(error))
      desktop.setProgress(4)
      desktop.setProgress(null)
      desktop.notify('Done', 'All of it')
      await wait(50)
      return { none, images, opened, relative, progress: windows()[0]?.progress, asked }
    }, picked)
    expect(seen.none).toEqual([])
    expect(seen.images).toEqual([path.join(picked, 'a.iso')])
    expect(seen.opened).toContain('Only copies')
    expect(seen.relative).toContain('A full path is needed.')
    expect(seen.progress?.map(({ value }) => value)).toEqual([1, -1])
    const kinds = seen.asked.map(({ what }) => what).filter((what) => what !== 'menu')
    expect(kinds).toEqual(['open dialog', 'open dialog', 'open dialog', 'reveal', 'trash', 'notification'])
  })
})

describe('the engine', () => {
  it('is started anew when it dies, and the page goes on', async () => {
    const app = new RunningDesktop([], folders())
    const seen = await app.evaluate(async ({ page, utilityProcesses, until }, image) => {
      const own = await page()
      await own.call('engine.hello', {})
      const before = utilityProcesses[0]?.pid ?? 0
      process.kill(before, 'SIGKILL')
      await until(() => own.received.some((message) => (message as { name?: string }).name === 'engine.restarted'))
      const hello = await own.call('engine.hello', {})
      const opened = await own.call('image.open', { location: { kind: 'path', path: image, inside: [] } })
      return { before, after: utilityProcesses.at(-1)?.pid, count: utilityProcesses.length, hello, opened }
    }, SAMPLE)
    expect(seen).toMatchObject({ count: 2, hello: { host: 'desktop' }, opened: { info: { name: 'sample.iso' } } })
    expect(isRunning(seen.before)).toBe(false)
    expect(isRunning(seen.after ?? 0)).toBe(true)
  })

  it('that dies again and again is given up: the page, a page loaded later and the log say why', async () => {
    const own = folders()
    const app = new RunningDesktop([], own)
    const seen = await app.evaluate(async ({ page, windows, utilityProcesses, until }) => {
      const first = await page()
      await first.call('engine.hello', {})
      const stops = (received: unknown[]): unknown[] =>
        received.filter((message) => (message as { name?: string }).name === 'engine.stopped')
      for (let count = 1; stops(first.received).length === 0; count++) {
        await until(() => utilityProcesses.length >= count)
        process.kill(utilityProcesses.at(-1)?.pid ?? 0, 'SIGKILL')
        await until(() => utilityProcesses.length > count || stops(first.received).length > 0)
      }
      const received = stops(first.received)
      windows()[0]?.webContents.reload()
      await until(() => true)
      const second = await page()
      await until(() => stops(second.received).length > 0)
      return { received, count: utilityProcesses.length, later: stops(second.received) }
    })
    const log = path.join(own.profile, 'isolde.log')
    expect(seen.received).toMatchObject([{ payload: { times: seen.count, log } }])
    expect(seen.later.length).toBeGreaterThan(0)
    expect(fs.readFileSync(log, 'utf8')).toContain('is left alone now')
    expect(app.output).toContain('is left alone now')
  })

  it.each(['quit', 'closing the window'])('ends with the program: %s', async (how) => {
    const app = new RunningDesktop([], folders())
    const engine = await app.evaluate(async ({ page, utilityProcesses }) => {
      await (await page()).call('engine.hello', {})
      return utilityProcesses[0]?.pid ?? 0
    })
    expect(isRunning(engine)).toBe(true)
    await app.evaluate(({ app, windows }, how) => {
      setImmediate(() => {
        if (how === 'quit') app.quit()
        else windows()[0]?.close()
      })
    }, how)
    expect(await app.ended).toBe(0)
    expect(isRunning(engine)).toBe(false)
  })
})
