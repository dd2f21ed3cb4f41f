// Writes every list of what Isolde opens from the one list there is, src-shared/model/formats.ts: the installers', the
// desktops', and the tables of the documents. With --check, says which of them is another.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'

const { FILE_TYPES, FORMATS, OWN_MIME_TYPE, OWN_TYPE } = await import('../src-shared/model/formats.ts')
const { CONVERSION_SOURCES, CONVERSION_TARGETS } = await import('../src-shared/model/conversion-table.ts')

const offered = FILE_TYPES.filter(({ isOffered }) => isOffered)
const extensions = offered.flatMap((type) => type.extensions.map((extension) => ({ ...type, extension })))
const mimeTypes = [...new Set(offered.flatMap((type) => type.mimeTypes))]
const ownMimeTypes = offered.filter((type) => type.mimeTypes.some((each) => each.startsWith(OWN_MIME_TYPE)))
const typeIdentifiers = [...new Set(offered.flatMap((type) => type.typeIdentifiers))]
const ownTypes = offered.filter((type) => type.typeIdentifiers.some((each) => each.startsWith(OWN_TYPE)))

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function installerList() {
  return `; Written by scripts/format-lists.mjs from src-shared/model/formats.ts.
!macro isoldeForEachExtension ACTION
${extensions.map(({ extension, label }) => `  !insertmacro \${ACTION} "${extension}" "${label}"`).join('\n')}
!macroend
`
}

function mimeTable() {
  const entries = ownMimeTypes.map(({ label, translations, mimeTypes: types, magic, extensions: all }) => {
    const type = types.find((each) => each.startsWith(OWN_MIME_TYPE))
    const comments = [
      `    <comment>${escaped(label)}</comment>`,
      ...Object.entries(translations ?? {}).map(
        ([language, text]) => `    <comment xml:lang="${language}">${escaped(text)}</comment>`,
      ),
    ]
    const magics =
      magic === undefined
        ? []
        : [
            '    <magic priority="60">',
            `      <match type="string" offset="0" value="${escaped(magic)}"/>`,
            '    </magic>',
          ]
    return [
      `  <mime-type type="${type}">`,
      ...comments,
      '    <generic-icon name="application-x-cd-image"/>',
      ...magics,
      ...all.map((extension) => `    <glob pattern="*.${extension}"/>`),
      '  </mime-type>',
    ].join('\n')
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Kinds of disc images that shared-mime-info does not name, or names as something else.
     Written by scripts/format-lists.mjs from src-shared/model/formats.ts. -->
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
${entries.join('\n')}
</mime-info>
`
}

/** Replaces what stands between two lines that hold `# formats: NAME` and `# formats end`, keeping the lines. */
function between(text, name, lines) {
  const marked = new RegExp(`^( *)(#|<!--) formats: ${name}( -->)?\\n[\\s\\S]*?^ *(#|<!--) formats end( -->)?$`, 'm')
  if (!marked.test(text)) throw new Error(`There is no place for “${name}”.`)
  return text.replace(marked, (_, indent, sign, close = '') => {
    const body = lines.map((line) => `${indent}${line}`).join('\n')
    return `${indent}${sign} formats: ${name}${close}\n${body}\n${indent}${sign} formats end${close}`
  })
}

function builderConfig(text) {
  const plain = extensions.filter(({ typeIdentifiers: own }) => !own.some((type) => type.startsWith(OWN_TYPE)))
  const declarations = ownTypes.flatMap(({ label, typeIdentifiers: [type = ''], extensions: all }) => [
    `- UTTypeIdentifier: ${type}`,
    `  UTTypeDescription: ${label}`,
    '  UTTypeConformsTo: [public.data]',
    '  UTTypeTagSpecification:',
    `    public.filename-extension: [${all.join(', ')}]`,
  ])
  const quoted = plain.map(({ extension }) => (/^\d+$/.test(extension) ? `'${extension}'` : extension))
  let written = between(
    text,
    'MIME types',
    mimeTypes.map((type) => `- ${type}`),
  )
  written = between(
    written,
    'type identifiers',
    typeIdentifiers.map((type) => `- ${type}`),
  )
  written = between(written, 'extensions', [`CFBundleTypeExtensions: [${quoted.join(', ')}]`])
  return between(written, 'type declarations', declarations)
}

function sendTypes(text) {
  const array = ['<array>', ...typeIdentifiers.map((type) => `\t<string>${type}</string>`), '</array>']
  return text.replace(
    /(<key>NSSendFileTypes<\/key>\n)(\t*)<array>[\s\S]*?<\/array>/,
    (_, key, tabs) => `${key}${array.map((line) => tabs + line).join('\n')}`,
  )
}

function documentTable() {
  const roles = { 'file-system': 'file system', container: 'container', volumes: 'partitions' }
  return [
    '',
    '| what | kind | files |',
    '|---|---|---|',
    ...FORMATS.map(({ label, role, files }) => {
      const names = files.flatMap((type) =>
        type.extensions.map((one) => (type.opensLikeFolder === 'inner' ? `\`.iso.${one}\` …` : `\`.${one}\``)),
      )
      return `| ${label} | ${roles[role]} | ${names.join(', ')} |`
    }),
    '',
  ]
}

const CONVERSIONS = {
  blocks: 'its blocks',
  sectors: 'CD sectors around its blocks',
  files: 'a new image of its files',
  packed: 'its blocks, packed',
  none: 'refused',
}

/** What `convert` makes of what, by the name of the file that is written. */
function conversionTable() {
  const names = ({ extensions }) =>
    extensions.length === 0 ? 'any other name, `-`' : extensions.map((one) => `\`.${one}\``).join(', ')
  return [
    '',
    `| the image is | ${CONVERSION_TARGETS.map(names).join(' | ')} |`,
    `|---|${CONVERSION_TARGETS.map(() => '---|').join('')}`,
    ...CONVERSION_SOURCES.map(
      ({ id, about }) => `| ${about} | ${CONVERSION_TARGETS.map(({ of }) => CONVERSIONS[of[id]]).join(' | ')} |`,
    ),
    '',
  ]
}

const line = (key, value) => (text) => text.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value};`)
const NEMO = ['extract-here', 'extract-to', 'verify'].map((name) => `resources/linux/nemo/isolde-${name}.nemo_action`)
const LAUNCHERS = ['resources/linux/kde/isolde.desktop', 'resources/linux/thunar/isolde-extract.desktop']
const SERVICES = ['Extract Here', 'Verify'].map(
  (name) => `resources/mac/services/${name} with Isolde.workflow/Contents/Info.plist`,
)

/** Each file, and what it is to be, from what it is. */
export const LISTS = new Map([
  ['resources/windows/extensions.nsh', installerList],
  ['resources/linux/isolde-mime.xml', mimeTable],
  ['electron-builder.yml', builderConfig],
  ...NEMO.map((file) => [file, line('Extensions', extensions.map(({ extension }) => extension).join(';'))]),
  ...LAUNCHERS.map((file) => [file, line('MimeType', mimeTypes.join(';'))]),
  ...SERVICES.map((file) => [file, sendTypes]),
  ['docs/formats.md', (text) => between(between(text, 'table', documentTable()), 'conversions', conversionTable())],
  ['README.md', (text) => between(text, 'table', documentTable())],
])

/** The files that are not what the list says. */
export function outdated() {
  return [...LISTS].filter(([file, write]) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    return write(text) !== text
  })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const isCheck = process.argv.includes('--check')
  for (const [file, write] of outdated()) {
    if (isCheck) {
      console.error(`${file} is not what the list of formats says; run “node scripts/format-lists.mjs”.`)
      process.exitCode = 1
    } else {
      const place = path.join(root, file)
      fs.writeFileSync(place, write(fs.readFileSync(place, 'utf8')))
    }
  }
}
