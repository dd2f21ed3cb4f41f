/** Bodies of WebDAV, RFC 4918. */

/** A property by its namespace and name. */
export interface PropertyName {
  namespace: string
  name: string
}

export interface DavResource {
  /** As it is asked for, with percent signs. */
  href: string
  /** The values of the properties that it has, in `DAV:`, as XML. */
  properties: ReadonlyMap<string, string>
}

export const DAV = 'DAV:'
const PROPERTIES_LIMIT = 64

/**
 * What a PROPFIND asks for, RFC 4918 clause 14.20: names; null for all of them (`allprop`, `propname` or no body at all). Only
 * as much of XML is understood as is needed to find names; whatever else is there counts as all.
 * @param body well-formed, or empty
 */
export function wantedProperties(body: string): PropertyName[] | null {
  const namespaces = new Map<string, string>()
  for (const [, prefix = '', , value = ''] of body.matchAll(/\sxmlns(?::([\w.-]+))?\s*=\s*(["'])(.*?)\2/g))
    namespaces.set(prefix, value)
  const inside = /<(?:[\w.-]+:)?prop(?:\s[^>]*)?>([\s\S]*?)<\/(?:[\w.-]+:)?prop\s*>/.exec(body)?.[1]
  if (inside === undefined) return null
  const names: PropertyName[] = []
  for (const [, prefix = '', name = ''] of inside.matchAll(/<(?:([\w.-]+):)?([\w.-]+)(?:\s[^>]*)?\/?>/g)) {
    if (names.length >= PROPERTIES_LIMIT) break
    names.push({ namespace: namespaces.get(prefix) ?? '', name })
  }
  return names
}

/** `multistatus`, RFC 4918 clause 14.16: what each resource has of what was asked for, and what it has not. */
export function* multistatus(resources: Iterable<DavResource>, wanted: PropertyName[] | null): Generator<string> {
  yield `<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="${DAV}">\n`
  for (const { href, properties } of resources) {
    const has = ({ namespace, name }: PropertyName): boolean => namespace === DAV && properties.has(name)
    const found = wanted === null ? [...properties.keys()] : wanted.filter(has).map(({ name }) => name)
    const missing = wanted?.filter((each) => !has(each)) ?? []
    const values = found.map((name) => `<D:${name}>${properties.get(name) ?? ''}</D:${name}>`)
    const others = missing.map(({ namespace, name }) => `<x:${name} xmlns:x="${escapeXml(namespace)}"/>`)
    yield `<D:response><D:href>${escapeXml(href)}</D:href>`
    if (values.length > 0 || others.length === 0) yield propstat(values, '200 OK')
    if (others.length > 0) yield propstat(others, '404 Not Found')
    yield '</D:response>\n'
  }
  yield '</D:multistatus>\n'
}

function propstat(values: readonly string[], status: string): string {
  return `<D:propstat><D:prop>${values.join('')}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`
}

/** RFC 4918 clause 9.1.1: a server may refuse to walk through everything. */
export const FINITE_DEPTH = `<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="${DAV}"><D:propfind-finite-depth/></D:error>\n`

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML 1.0 clause 2.2: what no document may hold, escaped or not. */
const NO_CHARACTER = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]', 'g')

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(NO_CHARACTER, '\ufffd')
    .replace(/[&<>"]/g, (each) => ESCAPES[each] ?? each)
}
