import { parentPort } from 'node:worker_threads'
import { serveJob } from './job-service'

if (parentPort) serveJob(parentPort)
