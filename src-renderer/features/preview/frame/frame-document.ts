import prose from '../../../base/prose.css?raw'
import tokens from '../../../base/tokens.css?raw'
import frameStyle from './frame.css?raw'
import fileScript from './preview-file-frame.ts?worker&url'
import type { Wish } from './messages'
import pdfScript from './preview-pdf-frame.ts?worker&url'

/** A script as it stands in a frame, and its hash, by which the policies know it. */
interface FrameScript {
  text: string
  hash: string
}

const scripts = new Map<string, Promise<FrameScript>>()
const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? ''

/** One of our own files; a frame without an origin cannot fetch anything itself. */
async function fetched(address: string): Promise<FrameScript> {
  const bytes = await (await fetch(address)).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { text: new TextDecoder().decode(bytes), hash: `sha256-${btoa(String.fromCharCode(...digest))}` }
}

/** Which of the scripts shows something of a kind. */
export type ScriptName = 'file' | 'pdf'
const ADDRESSES: Record<ScriptName, string> = { file: fileScript, pdf: pdfScript }

export function scriptNameOf(kind: Wish['kind']): ScriptName {
  return kind === 'pdf' ? 'pdf' : 'file'
}

function scriptOf(name: ScriptName): Promise<FrameScript> {
  const address = ADDRESSES[name]
  const known = scripts.get(address) ?? fetched(address)
  scripts.set(address, known)
  known.catch(() => scripts.delete(address))
  return known
}

/**
 * The document of a frame. Its own policy narrows the page's, which it has as well: one script, one style, and nothing
 * from a network but what has a signed address. Before it reads anything it gives up that as well, but for the one address of the file
 * that it is to play (`narrow` in `inside.ts`).
 */
export async function frameDocument(name: ScriptName): Promise<string> {
  const { text, hash } = await scriptOf(name)
  const signed = new URL('/signed/', document.baseURI).href
  const media = name === 'file' ? `; img-src ${signed}; media-src ${signed}` : ''
  const policy = `default-src 'none'; script-src '${hash}'; style-src 'nonce-${nonce}'${media}`
  return [
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<style nonce="${nonce}">${tokens}\n${frameStyle}\n${prose}</style></head>`,
    `<body><script>${text}</script></body></html>`,
  ].join('')
}

// Most previews need it, and none should have to wait for it.
scriptOf('file').catch(() => undefined)
