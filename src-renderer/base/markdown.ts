import markdownIt from 'markdown-it'
import { h, type VNode } from 'vue'

/** What links, pictures and code become, where whoever shows a text knows who wrote it; null for what they are of a stranger. */
export interface OwnNodes {
  link?(target: string, words: Nodes): VNode | null
  picture?(source: string, words: string): VNode | null
  code?(words: string): VNode
}

/** Nodes and texts in a row. */
export type Nodes = (VNode | string)[]
type Token = ReturnType<ReturnType<typeof markdownIt>['parse']>[number]

/** Markup in a text stays text. Addresses are only shown, so that none of them has to be refused or rewritten. */
const parser = markdownIt({ html: false, linkify: false, typographer: false })
parser.validateLink = () => true
parser.normalizeLink = (target) => target

/**
 * Markdown (CommonMark, with tables and strikethrough) as a page. It becomes nodes, never markup, so that nothing in a text
 * can become anything but text; links show where they lead and lead nowhere, pictures are their words, unless `own` makes
 * something else of them.
 */
export function renderMarkdown(text: string, own: OwnNodes = {}): Nodes {
  return nodesOf(parser.parse(text, {}), own)
}

/** What has been begun and waits for its closing token; `token` is null for the page itself. */
interface Open {
  token: Token | null
  nodes: Nodes
}

function nodesOf(tokens: readonly Token[], own: OwnNodes): Nodes {
  const page: Open = { token: null, nodes: [] }
  const open: Open[] = [page]
  for (const token of tokens) {
    const around = open.at(-1) ?? page
    // The paragraphs of a list without empty lines.
    if (token.hidden) continue
    if (token.nesting === 1) open.push({ token, nodes: [] })
    else if (token.nesting === 0) around.nodes.push(...leafOf(token, own))
    else if (around.token) {
      open.pop()
      open.at(-1)?.nodes.push(elementOf(around.token, around.nodes, own))
    }
  }
  return page.nodes
}

function leafOf(token: Token, own: OwnNodes): Nodes {
  switch (token.type) {
    case 'inline':
      return nodesOf(token.children ?? [], own)
    case 'code_inline':
      return [own.code?.(token.content) ?? h('code', token.content)]
    case 'code_block':
    case 'fence':
      return [h('pre', h('code', token.content.replace(/\n$/, '')))]
    case 'softbreak':
      return [' ']
    case 'hardbreak':
    case 'hr':
      return [h(token.tag)]
    case 'image':
      return [own.picture?.(attribute(token, 'src'), token.content) ?? h('em', token.content)]
    default:
      return token.content === '' ? [] : [token.content]
  }
}

function elementOf(token: Token, nodes: Nodes, own: OwnNodes): VNode {
  switch (token.type) {
    case 'link_open': {
      const target = attribute(token, 'href')
      return own.link?.(target, nodes) ?? h('span', { class: 'link', title: target }, nodes)
    }
    // The page's own headings begin below those of the window.
    case 'heading_open':
      return h(`h${Math.min(6, Number(token.tag.slice(1)) + 2)}`, nodes)
    case 'ordered_list_open':
      return h('ol', { start: attribute(token, 'start') || undefined }, nodes)
    case 'th_open':
    case 'td_open':
      return h(token.tag, { style: attribute(token, 'style') || undefined }, nodes)
    default:
      return h(token.tag, nodes)
  }
}

function attribute(token: Token, name: string): string {
  return String(token.attrs?.find(([own]) => own === name)?.[1] ?? '')
}
