import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a start of the program asks for. */
export interface LaunchRequest {
  /** What to do with the images: show them, or an action of the system's file manager. */
  action: 'open' | 'extract-here' | 'extract-to' | 'verify'
  /** Absolute. */
  images: string[]
  /** For `extract-to`; null means a folder of the image's own name, beside it. */
  destination: string | null
}

/**
 * Reads a command line of the desktop program: image paths and `file://` URLs, and at most one action. Anything else that
 * begins with `--` belongs to Chromium or Electron and is left alone.
 * @param args without the program itself (and, unpackaged, without the application's folder)
 * @param folder what relative paths count from
 */
export function parseLaunch(args: readonly string[], folder: string): LaunchRequest {
  const request: LaunchRequest = { action: 'open', images: [], destination: null }
  let onlyPaths = false
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? ''
    if (!onlyPaths && argument === '--') onlyPaths = true
    else if (!onlyPaths && argument === '--extract-here') request.action = 'extract-here'
    else if (!onlyPaths && argument === '--extract-to-own-folder') {
      request.action = 'extract-to'
      request.destination = null
    } else if (!onlyPaths && argument === '--verify') request.action = 'verify'
    else if (!onlyPaths && /^--extract-to(?:=|$)/.test(argument)) {
      request.action = 'extract-to'
      const value = argument.startsWith('--extract-to=') ? argument.slice('--extract-to='.length) : args[++i]
      request.destination = value === undefined ? null : path.resolve(folder, value)
    } else if (onlyPaths || !argument.startsWith('-')) {
      const image = imagePath(argument, folder)
      if (image !== null && !request.images.includes(image)) request.images.push(image)
    }
  }
  return request
}

/** The word of `--log-level=WORD` among the arguments of a start; undefined where there is none. */
export function logLevelArgument(args: readonly string[]): string | undefined {
  const prefix = '--log-level='
  return args.find((argument) => argument.startsWith(prefix))?.slice(prefix.length)
}

/** A path, or a `file:` URL as desktops pass them; other URLs are not ours to open. */
function imagePath(argument: string, folder: string): string | null {
  if (argument === '') return null
  if (/^file:/i.test(argument)) {
    try {
      return fileURLToPath(argument)
    } catch {
      return null
    }
  }
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(argument) ? null : path.resolve(folder, argument)
}

/** The command line that asks for the same again. Every path is absolute, so that none looks like an option. */
export function launchArguments({ action, images, destination }: LaunchRequest): string[] {
  if (action === 'open') return [...images]
  const hasPlace = action === 'extract-to' && destination !== null
  const option = action === 'extract-to' && !hasPlace ? 'extract-to-own-folder' : action
  return [`--${option}${hasPlace ? `=${destination}` : ''}`, ...images]
}

/** What a second start hands to the first: its own argument list may arrive reordered, so it is parsed there already. */
export interface SecondStart {
  launch: LaunchRequest
}

/** Whatever came with `second-instance` is another process's word: checked before use. */
export function readSecondStart(data: unknown): LaunchRequest | null {
  const launch = fieldOf(data, 'launch')
  const action = ACTIONS.find((known) => known === fieldOf(launch, 'action'))
  const images = fieldOf(launch, 'images')
  const destination = fieldOf(launch, 'destination')
  if (action === undefined || !Array.isArray(images)) return null
  return {
    action,
    images: images.filter((image): image is string => typeof image === 'string' && path.isAbsolute(image)),
    destination: typeof destination === 'string' && path.isAbsolute(destination) ? destination : null,
  }
}

const ACTIONS: readonly LaunchRequest['action'][] = ['open', 'extract-here', 'extract-to', 'verify']

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
