import { parentPort } from 'node:worker_threads'
import { serveImage } from './image-service'

if (parentPort) serveImage(parentPort)
