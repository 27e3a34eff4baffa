/** What is wrong on this machine, found before anything was sent. */
import { CartoError, ValidationError } from "@effect-carto/core/CartoError"

export const invalid = (operation: string, message: string, advice: string): CartoError =>
  new CartoError({ operation, reason: new ValidationError({ message, advice }) })
