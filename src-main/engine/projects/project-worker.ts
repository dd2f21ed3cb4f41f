import { parentPort, workerData } from 'node:worker_threads'
import { serveProjects } from './project-service'

if (parentPort) serveProjects(parentPort, (workerData as { home: string }).home)
