import { parentPort } from 'node:worker_threads'
import { serveHashing } from './hash-service'

if (parentPort) serveHashing(parentPort)
