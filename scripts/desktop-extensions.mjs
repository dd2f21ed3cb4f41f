// Writes the Windows installer's list of endings from the one list there is: resources/windows/extensions.nsh.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'

export const LIST = path.join(root, 'resources', 'windows', 'extensions.nsh')

export async function extensionList() {
  const { IMAGE_EXTENSIONS } = await import('../src-main/desktop/image-extensions.ts')
  const lines = IMAGE_EXTENSIONS.filter(({ verbs }) => verbs).map(
    ({ extension, description }) => `  !insertmacro \${ACTION} "${extension}" "${description}"`,
  )
  return `; Written by scripts/desktop-extensions.mjs from src-main/desktop/image-extensions.ts.
!macro isoldeForEachExtension ACTION
${lines.join('\n')}
!macroend
`
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) fs.writeFileSync(LIST, await extensionList())
