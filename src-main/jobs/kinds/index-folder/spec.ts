import { z } from 'zod'

export const indexFolderSpec = z.object({ kind: z.literal('index-folder'), folder: z.string() })
export type IndexFolderSpec = z.output<typeof indexFolderSpec>
