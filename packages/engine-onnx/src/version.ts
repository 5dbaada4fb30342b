/** The version that the SDK's worker compares before it uses this file; a test keeps it equal to package.json's. */
export const VERSION = '0.1.0'
