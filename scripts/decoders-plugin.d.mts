import type { Plugin } from 'vite'

export declare function decodersPlugin(): Plugin
export declare function compiledDecoders(): Promise<Buffer>
