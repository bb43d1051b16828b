import Foundation

/// Memory that decoding pictures may take at one time, shared by all threads and decoders that are given the same budget.
///
/// Whoever wants more than is free waits until enough has been given back. All are served in the order in which they came,
/// so that a large picture is not overtaken for ever by small ones; and nobody holds a part while waiting for more, so that
/// nobody waits for ever.
public final class DecodingBudget: @unchecked Sendable {
  /// The whole.
  public let bytes: Int
  private let condition = NSCondition()
  // These three are guarded by the condition's lock.
  private var free: Int
  private var nextTicket = 0
  private var served = 0

  public init(bytes: Int) {
    self.bytes = max(bytes, 0)
    free = self.bytes
  }

  /// Waits for its turn and for so much to be free. False, at once, where that is more than the whole.
  package func take(_ count: Int) -> Bool {
    guard count <= bytes else { return false }
    condition.lock()
    defer { condition.unlock() }
    let ticket = nextTicket
    nextTicket += 1
    while served < ticket || free < count { condition.wait() }
    served += 1
    free -= count
    condition.broadcast()
    return true
  }

  /// Takes so much if it is free now and nobody is waiting.
  package func takeAtOnce(_ count: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard served == nextTicket, free >= count else { return false }
    free -= count
    return true
  }

  package func give(_ count: Int) {
    condition.lock()
    defer { condition.unlock() }
    free += count
    condition.broadcast()
  }
}

/// How large pictures may be.
public struct DecodingLimits: Sendable {
  /// The most pixels of a picture.
  public var maximumPixels: Int
  /// What all pictures that are decoded at one time share; nil for no bound.
  public var budget: DecodingBudget?
  /// Processes that decode in place of this one; nil for none.
  public var isolation: IsolatedDecoding?

  public init(
    maximumPixels: Int = ImageDecoder.usualMaximumPixels, budget: DecodingBudget? = nil,
    isolation: IsolatedDecoding? = nil
  ) {
    self.maximumPixels = maximumPixels
    self.budget = budget
    self.isolation = isolation
  }
}
