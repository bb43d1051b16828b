/// How the learning rate changes from pass to pass.
///
/// Several in a row each take the rate that the one before gives: a warm-up before whatever else.
public protocol Schedule: ConfigurableKind, Configurable {
  /// - Parameters:
  ///   - pass: counted from 1.
  ///   - count: how many passes there will be.
  ///   - rate: the optimizer's own.
  /// - Returns: the rate that holds in this pass; positive.
  func learningRate(pass: Int, of count: Int, from rate: Float) -> Float

  /// The rate that holds for one step; that of the pass, unless the schedule is a ``MomentSchedule``.
  func learningRate(at moment: TrainingMoment, from rate: Float) -> Float
}

/// A schedule that changes the rate from step to step, or by how well the passes before went.
public protocol MomentSchedule: Schedule {}

extension Schedule {
  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    learningRate(pass: moment.pass, of: moment.passes, from: rate)
  }
}

extension MomentSchedule {
  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    learningRate(at: TrainingMoment(pass: pass, of: count), from: rate)
  }
}

extension Schedule {
  public static var noun: String { Sort.schedules.noun }

  /// A schedule has a positive rate for each pass, the same each time.
  public func checkContract(_ report: inout ContractReport) {
    for count in [1, 2, 20] {
      report.check("\(count.counted("pass", "passes"))") {
        func rates() -> [Float] { (1...count).map { learningRate(pass: $0, of: count, from: 0.01) } }
        if let pass = rates().firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
          throw Breach("the rate of pass \(pass + 1) is \(rates()[pass])")
        }
        guard rates() == rates() else { throw Breach("two calls differ") }
        return "\(rates()[0]) to \(rates()[count - 1])"
      }
    }
  }
}

extension Sort where Member == any Schedule.Type {
  public static var schedules: Sort { Sort("schedules", noun: "schedule", place: .recipe("schedule")) { $0 } }
}

extension Registry {
  public var schedules: KindRegistry<any Schedule.Type> { self[.schedules] }

  public mutating func register<S: Schedule>(_ type: S.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .schedules, from: origin)
  }

  public func makeSchedule(_ description: KindDescription) throws(KindError) -> any Schedule {
    try make(description, of: .schedules) { settings, type throws(KindError) in try settings.read(type) }
  }
}
