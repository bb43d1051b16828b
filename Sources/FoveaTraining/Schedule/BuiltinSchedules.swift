public import FoveaCore

/// The schedules of the toolkit, in one visible list.
public enum BuiltinSchedules: BuiltinKinds {
  public static var sort: Sort<any Schedule.Type> { .schedules }
  public static let all: [any Schedule.Type] = [
    SpanSchedule.self, StepSchedule.self, CosineSchedule.self, OneCycleSchedule.self, WarmUpSchedule.self,
    PlateauSchedule.self,
  ]
}
