import { parentPort, workerData } from 'node:worker_threads'
import { serveLibrary } from './library-service'

if (parentPort) serveLibrary(parentPort, (workerData as { catalogPath: string }).catalogPath)
