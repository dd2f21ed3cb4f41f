import type { MenuItemConstructorOptions } from 'electron'

/**
 * The system's menu bar. Only macOS has one that is not the window's own: the page draws its menu itself, and this one
 * keeps the editing keys working and has what belongs to the system.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  name: string,
  change: (what: 'install' | 'remove') => void,
): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null
  return [
    {
      label: name,
      submenu: [
        { role: 'about' },
        { type: 'separator' },
        { label: 'Install Finder Quick Actions', click: () => change('install') },
        { label: 'Remove Finder Quick Actions', click: () => change('remove') },
        { type: 'separator' },
        { role: 'services' },
        { type: 'separator' },
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ]
}
