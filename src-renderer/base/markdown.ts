import { h, type VNode } from 'vue'

/** What links, pictures and code become, where whoever shows a text knows who wrote it; null for what they are of a stranger. */
export interface OwnNodes {
  link?(target: string, words: (VNode | string)[]): VNode | null
  picture?(source: string, words: string): VNode | null
  code?(words: string): VNode
}

/**
 * Markdown as a page: headings, paragraphs, lists, quotes, code, emphasis. It becomes nodes, never markup, so that
 * nothing in a text can become anything but text; links show where they lead and lead nowhere, pictures are their words,
 * unless `own` makes something else of them.
 */
export function renderMarkdown(text: string, own: OwnNodes = {}): VNode[] {
  return renderBlocks(text.replace(/\r\n?/g, '\n').split('\n'), own)
}

const NESTING_LIMIT = 12

function renderBlocks(lines: string[], own: OwnNodes, depth = 0): VNode[] {
  const nodes: VNode[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at++
      continue
    }
    const block = depth < NESTING_LIMIT ? readBlock(lines, at, own, depth) : null
    if (block) {
      nodes.push(block.node)
      at = block.end
      continue
    }
    const end = paragraphEnd(lines, at)
    nodes.push(h('p', renderInline(lines.slice(at, end).join(' '), own)))
    at = end
  }
  return nodes
}

interface Block {
  node: VNode
  end: number
}

function readBlock(lines: string[], at: number, own: OwnNodes, depth: number): Block | null {
  const line = lines[at] ?? ''
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
  // The page's own headings begin below those of the window.
  if (heading) {
    const level = Math.min(6, (heading[1] ?? '').length + 2)
    return { node: h(`h${level}`, renderInline(heading[2] ?? '', own)), end: at + 1 }
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return { node: h('hr'), end: at + 1 }
  const fence = /^\s*(```+|~~~+)/.exec(line)?.[1]
  if (fence) return readFence(lines, at, fence)
  if (/^\s*>/.test(line)) {
    const end = runEnd(lines, at, (one) => /^\s*>/.test(one))
    const inner = lines.slice(at, end).map((one) => one.replace(/^\s*> ?/, ''))
    return { node: h('blockquote', renderBlocks(inner, own, depth + 1)), end }
  }
  if (ITEM.test(line)) return readList(lines, at, own, depth)
  return null
}

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/

function readFence(lines: string[], at: number, fence: string): Block {
  let end = at + 1
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(fence)) end++
  return { node: h('pre', h('code', lines.slice(at + 1, end).join('\n'))), end: Math.min(lines.length, end + 1) }
}

function readList(lines: string[], at: number, own: OwnNodes, depth: number): Block {
  const first = ITEM.exec(lines[at] ?? '')
  const indent = first?.[1]?.length ?? 0
  const isOrdered = /\d/.test(first?.[2] ?? '')
  const items: string[][] = []
  let end = at
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    const item = ITEM.exec(line)
    if (item && (item[1]?.length ?? 0) <= indent + 1) items.push([item[3] ?? ''])
    else if (line.trim() === '' ? /^\s/.test(lines[end + 1] ?? '') : /^\s/.test(line))
      items.at(-1)?.push(line.slice(Math.min(indent + 2, line.length - line.trimStart().length)))
    else break
  }
  const nodes = items.map((item) =>
    item.length === 1 ? h('li', renderInline(item[0] ?? '', own)) : h('li', renderBlocks(item, own, depth + 1)),
  )
  return { node: h(isOrdered ? 'ol' : 'ul', nodes), end }
}

function runEnd(lines: string[], at: number, belongs: (line: string) => boolean): number {
  let end = at
  while (end < lines.length && belongs(lines[end] ?? '')) end++
  return end
}

function paragraphEnd(lines: string[], at: number): number {
  const begins = /^\s*(#{1,6}\s|>|```|~~~|[-*+]\s|\d{1,9}[.)]\s)/
  return Math.max(
    at + 1,
    runEnd(lines, at, (line) => line.trim() !== '' && (line === lines[at] || !begins.test(line))),
  )
}

const INLINE =
  /(`+)(.+?)\1|!\[([^\]]*)\]\(([^)\s]*)[^)]*\)|\[([^\]]+)\]\(([^)\s]*)[^)]*\)|(\*\*|__)(.+?)\7|\*([^\s*][^*]*)\*|(?<!\w)_([^\s_][^_]*)_(?!\w)/

function renderInline(text: string, own: OwnNodes): (VNode | string)[] {
  const nodes: (VNode | string)[] = []
  let rest = text
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    const [whole, , code, alt, source, label, target, , strong, starred, underscored] = match
    if (match.index > 0) nodes.push(rest.slice(0, match.index))
    if (code !== undefined) nodes.push(own.code?.(code) ?? h('code', code))
    else if (alt !== undefined) nodes.push(own.picture?.(source ?? '', alt) ?? h('em', alt))
    else if (label !== undefined) nodes.push(linkNode(target ?? '', renderInline(label, own), own))
    else if (strong !== undefined) nodes.push(h('strong', renderInline(strong, own)))
    else nodes.push(h('em', renderInline(starred ?? underscored ?? '', own)))
    rest = rest.slice(match.index + whole.length)
  }
  if (rest !== '') nodes.push(rest)
  return nodes
}

function linkNode(target: string, words: (VNode | string)[], own: OwnNodes): VNode {
  return own.link?.(target, words) ?? h('span', { class: 'link', title: target }, words)
}
