/** What is not sent at all, because it could not do what is asked. */
import { CartoError, ValidationError } from "../CartoError.ts"

export const refuse = (operation: string, message: string, advice: string): CartoError =>
  new CartoError({ operation, reason: new ValidationError({ message, advice }) })

/** What the server left undone although it answered well. */
export const unheeded = (operation: string, message: string, advice: string): CartoError =>
  new CartoError({ operation, reason: new ValidationError({ status: 200, message, advice }) })
