// The programs that some tests ask: validators of what the installers bring, and tools that look at what was written.
// Where this is root on a machine with apt, those that are missing are installed in one go; elsewhere the tests that
// need them are skipped, by name.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { isInstalled } from './run.mjs'

/** Each program, or its names in different releases, and the package of Debian's that has it. */
const PACKAGES = {
  '7zz or 7z': '7zip',
  appstreamcli: 'appstream',
  bsdtar: 'libarchive-tools',
  checkisomd5: 'isomd5sum',
  'desktop-file-validate': 'desktop-file-utils',
  fish: 'fish',
  'fsck.vfat': 'dosfstools',
  getfattr: 'attr',
  isovfy: 'genisoimage',
  makensis: 'nsis',
  mandoc: 'mandoc',
  mcopy: 'mtools',
  mkzftree: 'zisofs-tools',
  sgdisk: 'gdisk',
  shellcheck: 'shellcheck',
  udfinfo: 'udftools',
  'update-mime-database': 'shared-mime-info',
  'wimlib-imagex': 'wimtools',
  xmllint: 'libxml2-utils',
  xorriso: 'xorriso',
  zsh: 'zsh',
}

/** Nothing of this may hold the tests up for long. */
const PATIENCE_MS = 60_000
const OPTIONS = ['-o', 'DPkg::Lock::Timeout=15', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=10']

const missing = () => Object.keys(PACKAGES).filter((names) => !names.split(' or ').some(isInstalled))

/** Of npm’s, but 70 MB: not for everybody who clones this. Beside the other things that tests make once. */
const DUCKDB = '@duckdb/node-api@1.5.6-r.1'
const DUCKDB_FOLDER = '.cache/duckdb'

/** Reads the exported catalog in one test. Says whether it is there. */
function installDuckDb() {
  const isThere = () => existsSync(`${DUCKDB_FOLDER}/node_modules/@duckdb/node-api`)
  if (isThere() || (process.getuid?.() !== 0 && !process.env.CI)) return isThere()
  mkdirSync(DUCKDB_FOLDER, { recursive: true })
  const args = ['install', '--no-save', '--no-package-lock', '--prefix', DUCKDB_FOLDER, DUCKDB]
  spawnSync('npm', args, { stdio: 'ignore', timeout: PATIENCE_MS, shell: process.platform === 'win32' })
  return isThere()
}

/** @returns {string[]} the programs that are missing still */
export function installValidators() {
  const isDuckDbThere = installDuckDb()
  const left = installPrograms()
  return isDuckDbThere ? left : [...left, 'DuckDB']
}

function installPrograms() {
  const programs = missing()
  if (programs.length === 0 || process.getuid?.() !== 0 || !isInstalled('apt-get')) return programs
  const deadline = Date.now() + PATIENCE_MS
  const apt = (...args) =>
    spawnSync('apt-get', [...OPTIONS, ...args], {
      stdio: 'ignore',
      timeout: Math.max(1, deadline - Date.now()),
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const isKnown = (name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0
  const names = programs.map((program) => PACKAGES[program])
  // A fresh container knows of no package at all; what is old may be gone from the servers.
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', ...names.filter(isKnown))
  if (!names.some(isKnown) || !install()) {
    apt('update', '-qq')
    install()
  }
  return missing()
}

/** Says it in a line. */
export function prepareValidators() {
  const started = Date.now()
  const left = installValidators()
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  if (left.length > 0) console.log(`Not here, so that their tests are skipped: ${left.join(', ')} (${seconds} s)`)
  else console.log(`Every program that the tests ask is here (${seconds} s).`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) prepareValidators()
