import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** Entry points have fixed names: processes and workers find each other by them, next to one another in dist/main. */
export default defineConfig({
  main: {
    build: {
      outDir: 'dist/main',
      target: 'node22',
      sourcemap: true,
      rollupOptions: {
        input: {
          desktop: at('src-main/desktop/main.ts'),
          engine: at('src-main/engine/process/process.ts'),
          'image-worker': at('src-main/engine/images/image-worker.ts'),
          'job-worker': at('src-main/engine/jobs/job-worker.ts'),
          'writer-worker': at('src-main/extract/writer-worker.ts'),
          'query-worker': at('src-main/engine/library/query-worker.ts'),
          'library-worker': at('src-main/engine/library/library-worker.ts'),
          cli: at('src-main/cli/main.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
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
      rollupOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
})
