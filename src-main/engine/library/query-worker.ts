import { parentPort, workerData } from 'node:worker_threads'
import { serveQueries } from './query-service'

if (parentPort) serveQueries(parentPort, (workerData as { catalogPath: string }).catalogPath)
