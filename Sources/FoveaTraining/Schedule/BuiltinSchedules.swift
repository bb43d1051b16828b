public import FoveaCore

/// The schedules of the toolkit, in one visible list.
public enum BuiltinSchedules {
  public static let all: [any Schedule.Type] = [
    SpanSchedule.self, StepSchedule.self, CosineSchedule.self, OneCycleSchedule.self, WarmUpSchedule.self,
    PlateauSchedule.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
