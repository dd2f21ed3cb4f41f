import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import { build, type Plugin } from 'vite'
import { decodersPlugin } from './scripts/decoders-plugin.mjs'

const at = (path: string): string => resolve(import.meta.dirname, path)

/**
 * The code that may run with other rights than the program’s own is one file, with nothing beside it that it would load.
 */
const helper: Plugin = {
  name: 'isolde-device-helper',
  async closeBundle() {
    await build({
      configFile: false,
      root: import.meta.dirname,
      logLevel: 'warn',
      build: {
        ssr: at('src-main/devices/helper/main.ts'),
        outDir: at('dist/helper'),
        target: 'node22',
        minify: false,
        rollupOptions: { output: { format: 'es', entryFileNames: 'device-helper.mjs' } },
      },
    })
  },
}

/** Entry points have fixed names: processes and workers find each other by them, next to one another in dist/main. */
export default defineConfig({
  main: {
    plugins: [decodersPlugin(), helper],
    build: {
      outDir: 'dist/main',
      target: 'node22',
      sourcemap: true,
      rollupOptions: {
        input: {
          desktop: at('src-main/desktop/main.ts'),
          engine: at('src-main/engine/process/process.ts'),
          'image-worker': at('src-main/engine/images/image-worker.ts'),
          'mount-worker': at('src-main/engine/mounts/mount-worker.ts'),
          'job-worker': at('src-main/engine/jobs/job-worker.ts'),
          'unpack-worker': at('src-main/engine/images/unpack-worker.ts'),
          'writer-worker': at('src-main/extract/writer-worker.ts'),
          'zip-packing-worker': at('src-main/zip/packing-worker.ts'),
          'query-worker': at('src-main/engine/library/query-worker.ts'),
          'project-worker': at('src-main/engine/projects/project-worker.ts'),
          'library-worker': at('src-main/engine/library/library-worker.ts'),
          cli: at('src-main/cli/main.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          // Every start of the command reads what each of its words means: one file instead of two dozen.
          codeSplitting: {
            groups: [
              { name: 'command-definitions', test: /src-main[\\/]cli[\\/]commands[\\/][^\\/]+[\\/]definition\.ts$/ },
            ],
          },
        },
        // The first build of all compiles the decoders, which takes seconds and is nothing to be warned of.
        checks: { pluginTimings: false },
        // Native code lies beside its package's own files; being optional, it counts as something to build in.
        external: ['koffi'],
        // Nothing of ours does anything by being loaded: a command loads what it uses of the engine, and no more.
        treeshake: { moduleSideEffects: (id) => !/[\\/]src-(main|shared)[\\/]/.test(id) },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: at('src-main/desktop/preload.ts') },
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [vue()],
    // Scripts of preview frames are built like workers: each into one file.
    worker: { plugins: () => [vue()] },
    build: {
      outDir: at('dist/renderer'),
      target: 'chrome140',
      // electron-vite leaves it out; a page in a browser is fetched, and every start reads all of it.
      minify: true,
      rollupOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
})
