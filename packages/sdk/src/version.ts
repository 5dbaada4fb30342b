/** The version that page entry and worker compare before they talk; a test keeps it equal to package.json's. */
export const VERSION = '0.1.0'
