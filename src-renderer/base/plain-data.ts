/**
 * A copy of what is sent to the host, made of plain objects, arrays and bytes alone. The state of this window is
 * reactive: what is read from it are proxies, and Electron's context bridge refuses them wherever they hide in a message.
 * Bytes are handed on as they are.
 * @throws {TypeError} for what no message may hold: functions, symbols, and objects of any other class
 */
export function plainData<Value>(value: Value): Value {
  return copyOf(value, 'message') as Value
}

function copyOf(value: unknown, place: string): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(place, typeof value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => copyOf(item, `${place}[${index}]`))
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  if (prototype !== null && prototype !== Object.prototype)
    throw notPlain(place, prototype.constructor?.name ?? 'an object of some class')
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item, `${place}.${name}`)]))
}

function notPlain(place: string, what: string): TypeError {
  return new TypeError(`${place} is no plain data: ${what}.`)
}
