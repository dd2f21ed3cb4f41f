// `npm run package -- ARGS`: electron-builder, where Electron's runtime can be had; one line where it cannot. Another one
// than would be fetched is named by `-c.electronDist=FOLDER` or `ELECTRON_OVERRIDE_DIST_PATH`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { prepareCliFolder } from './desktop-cli-folder.mjs'
import { namedRuntime, targetPlatform } from './electron-runtime.mjs'
import { writeMetainfo } from './desktop-metainfo.mjs'
import { root, run, runTool } from './run.mjs'

// Asked first: without it everything after would be for nothing.
const own = process.argv.slice(2)
const named = namedRuntime(own)
const trouble = named === null ? await runtimeTrouble() : existsSync(named) ? null : `${named} is not there`
if (trouble) {
  console.error(`isolde: Electron’s runtime cannot be had here, so nothing can be packaged (${trouble}).`)
  process.exit(1)
}
if ((await runTool('electron-vite', ['build', '--logLevel', 'warn'])) !== 0) process.exit(1)
if ((await run(process.execPath, ['scripts/desktop-licences.mjs'])) !== 0) process.exit(1)
if (!prepareCliFolder(path.join(root, '.cache', 'package', 'cli'), targetPlatform(own), process.arch))
  console.log('There is no Node to go with the command line; it will look for the person’s own.')

writeMetainfo(homepage())

const suffix = process.platform === 'win32' ? '.cmd' : ''
const args = ['--publish', 'never', ...facts(), ...signing(), ...updates(), ...runtime(), ...own]
process.exitCode = await run(`node_modules/.bin/electron-builder${suffix}`, args, {
  shell: process.platform === 'win32',
})

/** electron-builder knows nothing of Electron's own variable. */
function runtime() {
  return named === null || namedRuntime(own, {}) !== null ? [] : [`-c.electronDist=${named}`]
}

/** Fetches the runtime, or finds it where it was fetched before, as electron-builder will; says why that is impossible. */
async function runtimeTrouble() {
  const require = createRequire(import.meta.url)
  const { version } = require('electron/package.json')
  try {
    const { downloadArtifact } = await import('@electron/get')
    await downloadArtifact({ version, artifactName: 'electron', platform: process.platform, arch: process.arch })
    return null
  } catch (error) {
    return String(error.message ?? error).split('\n')[0]
  }
}

/** What the clone's git says of itself; empty where it says nothing. */
function git(...names) {
  return spawnSync('git', names, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
}

/** The project's address on the web: from the environment, else from where the clone came from; empty if neither is one. */
function homepage() {
  const home = process.env.ISOLDE_HOMEPAGE ?? git('config', '--get', 'remote.origin.url').replace(/\.git$/, '')
  return /^https:\/\/[\w./-]+$/.test(home) ? home : ''
}

/** Packages of Linux name their home and whoever keeps them: from the environment, else from the clone's git. */
function facts() {
  const home = homepage()
  const maintainer = process.env.ISOLDE_MAINTAINER ?? git('log', '-1', '--format=%an <%ae>')
  return [
    ...(home === '' ? [] : [`-c.extraMetadata.homepage=${home}`]),
    ...(maintainer === '' || process.platform !== 'linux' ? [] : [`-c.linux.maintainer=${maintainer}`]),
  ]
}

/** Where installed copies look for newer ones: a folder of the web by https. Without it they never look. */
function updates() {
  const url = process.env.ISOLDE_UPDATE_URL ?? ''
  if (url === '') return []
  if (!/^https:\/\/[\w./-]+$/.test(url)) {
    console.error('isolde: ISOLDE_UPDATE_URL must be an https address without a query.')
    process.exit(1)
  }
  return ['-c.publish.provider=generic', `-c.publish.url=${url}`]
}

/**
 * Signing is asked for by the environment, and then must succeed: CSC_LINK (and WIN_CSC_LINK) name the certificate,
 * APPLE_API_KEY or APPLE_ID the account that has the program notarised. Without them nothing is signed, and it is said.
 */
function signing() {
  const { CSC_LINK, WIN_CSC_LINK, APPLE_API_KEY, APPLE_ID } = process.env
  const isSigned = process.platform === 'win32' ? Boolean(WIN_CSC_LINK || CSC_LINK) : Boolean(CSC_LINK)
  if (process.platform === 'linux') return []
  if (!isSigned) {
    console.log('Nothing is signed: CSC_LINK is not set.')
    return process.platform === 'darwin' ? ['-c.mac.identity=-', '-c.mac.notarize=false'] : []
  }
  const notarised = process.platform === 'darwin' ? [`-c.mac.notarize=${Boolean(APPLE_API_KEY || APPLE_ID)}`] : []
  return ['-c.forceCodeSigning=true', ...notarised]
}
