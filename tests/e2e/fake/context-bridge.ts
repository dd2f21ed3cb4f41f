/**
 * What Electron's context bridge, and the port behind it, do with a value that a page hands over: a copy without
 * anything of the page's own world, or an error. A page's proxies do not cross, nor do functions inside of a message;
 * an instance of a class would arrive without its class, which no message can mean. Self-contained: it is also written
 * into pages.
 * @throws {Error} “An object could not be cloned.”, as Electron says it
 */
export function crossBridge<Value>(value: Value): Value {
  const isOfClass = (item: unknown): boolean => {
    if (typeof item !== 'object' || item === null) return false
    if (ArrayBuffer.isView(item) || Object.prototype.toString.call(item) === '[object ArrayBuffer]') return false
    const prototype: unknown = Object.getPrototypeOf(item)
    // Of whichever world: nothing is above what a plain object inherits from.
    const isPlain = Array.isArray(item) || prototype === null || Object.getPrototypeOf(prototype) === null
    return !isPlain || Object.values(item).some(isOfClass)
  }
  try {
    // Refuses proxies, functions and symbols itself, as the bridge does.
    const copy = structuredClone(value)
    if (!isOfClass(value)) return copy
  } catch {
    // Said below.
  }
  throw new Error('An object could not be cloned.')
}
