/** The version of Redis whose commands are spoken; clients decide by it what they may ask for. */
export const redisVersion = "7.0.15";
