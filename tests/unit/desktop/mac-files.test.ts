import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLaunch } from '../../../src-main/desktop/arguments'
import { extrasFor } from '../../../src-main/desktop/shell-extras'
import { itWith, run } from './programs'

const MAC = path.resolve('resources/mac')
const require = createRequire(import.meta.url)
const plist = require('plist') as { parse(text: string): unknown }
const read = (file: string): unknown => plist.parse(fs.readFileSync(path.join(MAC, file), 'utf8'))
const WORKFLOWS = fs.readdirSync(path.join(MAC, 'services'))

interface DocumentType {
  LSHandlerRank: string
  LSItemContentTypes?: string[]
  CFBundleTypeExtensions?: string[]
}
const { mac } = (require('js-yaml') as { load(text: string): unknown }).load(
  fs.readFileSync('electron-builder.yml', 'utf8'),
) as {
  mac: {
    extendInfo: {
      CFBundleDocumentTypes: DocumentType[]
      UTImportedTypeDeclarations: {
        UTTypeIdentifier: string
        UTTypeTagSpecification: Record<string, string[]>
      }[]
    }
  }
}

describe('the document types', () => {
  const { CFBundleDocumentTypes: types, UTImportedTypeDeclarations: imported } = mac.extendInfo

  it('never ask to be the default', () => {
    expect(types.map(({ LSHandlerRank }) => LSHandlerRank)).toEqual(types.map(() => 'Alternate'))
  })

  it('declare every type of their own', () => {
    const used = types.flatMap(({ LSItemContentTypes }) => LSItemContentTypes ?? [])
    const own = used.filter((type) => type.startsWith('org.isolde.'))
    expect(own.toSorted()).toEqual(imported.map(({ UTTypeIdentifier }) => UTTypeIdentifier).toSorted())
  })
})

describe('the Quick Actions', () => {
  it('are those that the program installs', () => {
    const names = extrasFor({ platform: 'darwin', resources: MAC, home: '/Users/me' }).map(({ from }) =>
      path.basename(from),
    )
    expect(names.toSorted()).toEqual(WORKFLOWS.toSorted())
  })

  it.each(WORKFLOWS)('%s: a service for the types, with an action that the program knows', (name) => {
    const info = read(`services/${name}/Contents/Info.plist`) as {
      NSServices: { NSMenuItem: { default: string }; NSMessage: string; NSSendFileTypes: string[] }[]
    }
    expect(info.NSServices).toHaveLength(1)
    expect(info.NSServices[0]).toMatchObject({
      NSMessage: 'runWorkflowAsService',
      NSMenuItem: { default: name.replace('.workflow', '') },
      NSSendFileTypes: mac.extendInfo.CFBundleDocumentTypes[0]?.LSItemContentTypes,
    })
    const workflow = read(`services/${name}/Contents/document.wflow`) as {
      actions: { action: { ActionParameters: { COMMAND_STRING: string; shell: string } } }[]
    }
    const { COMMAND_STRING: command, shell } = workflow.actions[0]!.action.ActionParameters
    execFileSync(shell, ['-n', '-c', command])
    const option = /Isolde" (--\S+) -- "\$@"/.exec(command)?.[1] ?? ''
    expect(parseLaunch([option, '--', '/x.iso'], '/')).toMatchObject({
      action: name.startsWith('Verify') ? 'verify' : 'extract-here',
      images: ['/x.iso'],
    })
  })

  itWith('python3', 'and the entitlements are property lists to another reader too', () => {
    const files = [
      'entitlements.plist',
      ...WORKFLOWS.flatMap((name) => [
        `services/${name}/Contents/Info.plist`,
        `services/${name}/Contents/document.wflow`,
      ]),
    ]
    for (const file of files)
      run('python3', ['-c', 'import plistlib,sys; plistlib.load(open(sys.argv[1],"rb"))', path.join(MAC, file)])
  })
})

it('gives the hardened runtime no more than it needs', () => {
  expect(Object.keys(read('entitlements.plist') as object).toSorted()).toEqual([
    'com.apple.security.cs.allow-jit',
    'com.apple.security.cs.disable-library-validation',
  ])
})
