export * from './job-queue'
export * from './job-spec'
export * from './job-store'
export { TransferRate } from './transfer-rate'
