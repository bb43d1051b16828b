/// An error that a person can act on: its description names the thing, what was expected, what came, how to mend it.
public protocol FoveaError: Error, Sendable, CustomStringConvertible {}
