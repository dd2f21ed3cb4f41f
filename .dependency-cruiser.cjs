/**
 * Who may import whom. The folders' order is the order in which data flows; nothing looks back.
 * `npm run check:imports` fails the build on any other import.
 */
const only = (name, from, to) => ({
  name,
  comment: `${from} may import only what ARCHITECTURE.md names for it`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { pathNot: [`^${from}/`, ...to.map((target) => `^${target}`)] },
})

const MODEL = 'src-shared/model/'
const CHARSET = 'src-shared/charset/'
const CONTRACT = 'src-shared/contract/'
const NODE =
  '(node:)?(fs|path|os|crypto|stream|util|url|child_process|worker_threads|http|net|module|process|zlib|timers|events|v8|vm)(/|$)'
/** Folders of `containers` that several formats share; everything else there is one format. */
const SHARED = '(blocks|disc|disk|sectors|stream)/'

/** A format is named in its own folder and its line of the registry, and nowhere else. */
const formatsStandAlone = (kind) => {
  const folder = `^src-main/image/${kind}/`
  const format = { path: `${folder}[^/]+/` }
  const rule = { severity: 'error', comment: 'A format may be added or taken away by its folder and one line.' }
  return [
    {
      ...rule,
      name: `${kind}-know-no-other`,
      from: { path: `${folder}([^/]+)/` },
      to: { ...format, pathNot: [`${folder}$1/`, `${folder}${SHARED}`] },
    },
    {
      ...rule,
      name: `${kind}-by-registry`,
      from: { path: '^src-(main|renderer|shared)/', pathNot: folder },
      to: { ...format, pathNot: `${folder}${SHARED}` },
    },
  ]
}
/** Folders of `jobs/kinds` that several kinds share; everything else there is one kind. */
const SHARED_BY_KINDS = '(from-image|from-project|between-folders|to-drive)/'
const KINDS = '^src-main/jobs/kinds/'

/** A kind of job is named in its own folders and its lines of the registries, and nowhere else. */
const jobKindsStandAlone = [
  {
    name: 'job-kinds-know-no-other',
    from: { path: `${KINDS}([^/]+)/` },
    to: { path: `${KINDS}[^/]+/`, pathNot: [`${KINDS}$1/`, `${KINDS}${SHARED_BY_KINDS}`] },
  },
  {
    name: 'job-kinds-by-registry',
    from: { path: '^src-main/', pathNot: KINDS },
    to: { path: `${KINDS}[^/]+/`, pathNot: `${KINDS}${SHARED_BY_KINDS}` },
  },
  {
    name: 'job-views-know-no-other',
    from: { path: '^src-renderer/jobs/([^/]+)/' },
    to: { path: '^src-renderer/jobs/[^/]+/', pathNot: '^src-renderer/jobs/$1/' },
  },
  {
    name: 'job-views-by-registry',
    from: { path: '^src-renderer/', pathNot: '^src-renderer/jobs/' },
    to: { path: '^src-renderer/jobs/[^/]+/' },
  },
  {
    name: 'job-contracts-by-registry',
    from: { path: '^src-', pathNot: '^src-shared/contract/jobs/' },
    to: { path: '^src-shared/contract/jobs/', pathNot: '/jobs/index' },
  },
].map((rule) => ({
  severity: 'error',
  comment: 'A kind of job may be added or taken away by its folders and their lines.',
  ...rule,
}))

/** The engine's folders, lowest first: each may import those before it, by their faces. */
const ENGINE_FOLDERS = ['rpc', 'images', 'mounts', 'library', 'projects', 'jobs', 'handlers', 'process']
const ENGINE = '^src-main/engine/'
const ENGINE_RULE = { severity: 'error', comment: 'ARCHITECTURE.md says what each folder of the engine is for.' }

const engineFolders = [
  {
    ...ENGINE_RULE,
    name: 'engine-files-lie-in-folders',
    from: { path: `${ENGINE}[^/]+$`, pathNot: `${ENGINE}(index|prewarm)\\.ts$` },
    to: {},
  },
  {
    ...ENGINE_RULE,
    name: 'engine-folders-by-their-face',
    from: { path: `${ENGINE}([^/]+)/` },
    to: { path: `${ENGINE}[^/]+/`, pathNot: [`${ENGINE}$1/`, `${ENGINE}[^/]+/index\\.ts$`] },
  },
  {
    ...ENGINE_RULE,
    name: 'engine-by-its-face',
    from: { path: '^src-main/', pathNot: `${ENGINE}[^/]+/` },
    to: { path: `${ENGINE}[^/]+/`, pathNot: `${ENGINE}[^/]+/index\\.ts$` },
  },
  ...ENGINE_FOLDERS.map((folder, i) => ({
    ...ENGINE_RULE,
    name: `engine-${folder}`,
    from: { path: `${ENGINE}${folder}/` },
    to: { path: ENGINE, pathNot: `${ENGINE}(${ENGINE_FOLDERS.slice(0, i + 1).join('|')})/` },
  })),
]

/** The window's layers, lowest first: each may import those before it. A feature knows no other; the shell puts them together. */
const WINDOW_LAYERS = ['base', 'data', 'jobs', 'commands', 'features', 'shell']
const WINDOW = '^src-renderer/'
const WINDOW_RULE = { severity: 'error', comment: 'ARCHITECTURE.md says what each layer of the window is for.' }

const windowLayers = [
  {
    ...WINDOW_RULE,
    name: 'window-files-lie-in-layers',
    from: { path: `${WINDOW}[^/]+$`, pathNot: `${WINDOW}(main|vue-modules\\.d)\\.ts$` },
    to: {},
  },
  {
    ...WINDOW_RULE,
    name: 'window-features-know-no-other',
    from: { path: `${WINDOW}features/([^/]+)/` },
    to: { path: `${WINDOW}features/[^/]+/`, pathNot: `${WINDOW}features/$1/` },
  },
  ...WINDOW_LAYERS.map((layer, i) => ({
    ...WINDOW_RULE,
    name: `window-${layer}`,
    from: { path: `${WINDOW}${layer}/` },
    to: {
      path: WINDOW,
      pathNot: [
        `${WINDOW}(${WINDOW_LAYERS.slice(0, i + 1).join('|')})/`,
        // The words of a kind of job lie in its folder; a language gathers them.
        ...(layer === 'base' ? [`${WINDOW}jobs/registry\\.ts$`] : []),
      ],
    },
  })),
]

const npm = (...names) => names.map((name) => `node_modules/${name}/`)

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('shared', 'src-shared', npm('zod')),
    {
      name: 'charset-is-plain',
      severity: 'error',
      from: { path: '^src-shared/charset/' },
      to: { pathNot: ['^src-shared/charset/', '^src-shared/model/'] },
    },
    {
      name: 'model-is-plain',
      severity: 'error',
      from: { path: '^src-shared/model/' },
      to: { pathNot: ['^src-shared/model/'] },
    },
    only('image', 'src-main/image', [MODEL, CHARSET, '(node:)?(zlib|crypto)$']),
    only('image-core', 'src-main/image/core', [MODEL, CHARSET, 'src-main/image/codecs/', '(node:)?(zlib|crypto)$']),
    only('codecs', 'src-main/image/codecs', ['src-main/image/core/', '(node:)?(zlib|crypto)$']),
    only('containers', 'src-main/image/containers', [
      MODEL,
      CHARSET,
      'src-main/image/(core|codecs)/',
      '(node:)?(zlib|crypto)$',
    ]),
    only('volumes', 'src-main/image/volumes', [MODEL, 'src-main/image/core/', '(node:)?zlib$']),
    only('file-systems', 'src-main/image/filesystems', [
      MODEL,
      CHARSET,
      'src-main/image/(core|codecs)/',
      '(node:)?(zlib|crypto)$',
    ]),
    ...['containers', 'volumes', 'filesystems'].flatMap(formatsStandAlone),
    only('task', 'src-main/task', [MODEL, NODE]),
    only('sinks', 'src-main/sinks', [MODEL, 'src-main/task/', NODE, '(node:)?sqlite$', ...npm('koffi')]),
    only('zip', 'src-main/zip', [NODE]),
    only('trust', 'src-main/trust', [
      'src-main/image/',
      'src-main/sinks/make-folders\\.ts$',
      'src-main/files/plain-file\\.ts$',
      NODE,
      ...npm('openpgp'),
    ]),
    only('extract', 'src-main/extract', [MODEL, 'src-main/(image|sinks|task|zip)/', NODE, ...npm('picomatch')]),
    only('author', 'src-main/author', [
      MODEL,
      'src-main/image/',
      'src-main/files/',
      'src-main/sinks/',
      'src-main/task/',
      NODE,
      ...npm('picomatch'),
    ]),
    only('devices', 'src-main/devices', [MODEL, 'src-main/(image|author|files|sinks|task)/', NODE]),
    only('devices-list', 'src-main/devices/list', ['src-main/devices/(drive|device-error)\\.ts$', NODE]),
    only('device-helper', 'src-main/devices/helper', [
      // A table without anything behind it: what runs with rights stays small.
      'src-shared/model/reasons\\.ts$',
      'src-main/devices/(drive|device-error|guard|identity)\\.ts$',
      'src-main/devices/list/',
      NODE,
    ]),
    only('burn', 'src-main/burn', [MODEL, 'src-main/(image|devices|files|task)/', NODE]),
    only('mount', 'src-main/mount', [
      MODEL,
      'src-main/(image|task)/',
      'src-main/sinks/make-folders\\.ts$',
      'src-main/extract/safe-names',
      'src-main/devices/list/(mount-info|holders|system-programs)',
      NODE,
      ...npm('koffi'),
    ]),
    only('identify', 'src-main/identify', [MODEL, 'src-main/image/', NODE]),
    only('check', 'src-main/check', [MODEL, 'src-main/(image|identify|trust|verify|files|task)/', NODE]),
    only('verify', 'src-main/verify', [MODEL, 'src-main/image/', 'src-main/task/', NODE]),
    only('rescue', 'src-main/rescue', [MODEL, 'src-main/(image|extract|files|verify|sinks|task)/', NODE]),
    only('find', 'src-main/find', [MODEL, 'src-main/(image|extract|identify|verify|files|sinks|task)/', NODE]),
    only('files', 'src-main/files', [MODEL, 'src-main/image/', 'src-main/sinks/', 'src-main/task/', NODE]),
    only('catalog', 'src-main/catalog', [
      MODEL,
      'src-main/(jobs|task)/',
      'src-main/sinks/make-folders\\.ts$',
      NODE,
      '(node:)?sqlite$',
      ...npm('better-sqlite3'),
    ]),
    {
      ...only('jobs', 'src-main/jobs', [MODEL, 'src-main/task/']),
      from: { path: '^src-main/jobs/', pathNot: '^src-main/jobs/kinds/' },
    },
    only('job-kinds', 'src-main/jobs/kinds', [
      MODEL,
      'src-shared/contract/(jobs/index|shapes|errors)',
      'src-main/(image|extract|author|check|identify|trust|verify|rescue|find|devices|files|sinks|task)/',
      NODE,
      ...npm('zod', 'hash-wasm'),
    ]),
    ...jobKindsStandAlone,
    only('settings', 'src-main/settings', [
      MODEL,
      'src-main/sinks/make-folders\\.ts$',
      'src-main/files/plain-file\\.ts$',
      NODE,
    ]),
    {
      name: 'only-catalog-opens-the-database',
      severity: 'error',
      from: { pathNot: '^src-main/catalog/' },
      to: { path: 'node_modules/better-sqlite3/' },
    },
    {
      name: 'only-desktop-imports-electron',
      severity: 'error',
      from: { pathNot: '^src-main/desktop/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'engine-knows-no-host',
      severity: 'error',
      from: { path: '^src-main/engine/' },
      to: { path: ['^src-main/(desktop|web|cli|host)/', '^src-renderer/'] },
    },
    ...engineFolders,
    ...windowLayers,
    only('host', 'src-main/host', [CONTRACT, 'src-main/engine/index', 'src-main/zip/', NODE, ...npm('range-parser')]),
    only('web', 'src-main/web', [CONTRACT, 'src-main/engine/index', 'src-main/host/', NODE, ...npm('ws')]),
    only('desktop', 'src-main/desktop', [
      CONTRACT,
      MODEL,
      'src-main/engine/index',
      'src-main/host/',
      'package.json$',
      NODE,
      ...npm('electron', 'electron-updater'),
    ]),
    only('cli', 'src-main/cli', [
      CONTRACT,
      MODEL,
      'src-main/engine/(index|prewarm)',
      'src-main/host/',
      'src-main/web/index',
      'package.json$',
      NODE,
    ]),
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: ['^src-main/', '^(node:)?(fs|path|os|crypto|child_process)$', 'node_modules/electron/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default', 'types'],
    },
  },
}
