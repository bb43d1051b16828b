import Fovea

/// An observer whose failure is a warning, and not the end of the training.
final class Tolerance: TrainingObserver {
  private let observer: any TrainingObserver
  private let toolbox: Toolbox
  private let consolation: String

  init(of observer: any TrainingObserver, _ toolbox: Toolbox, _ consolation: String) {
    self.observer = observer
    self.toolbox = toolbox
    self.consolation = consolation
  }

  func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    do { return try observer.observe(event, of: run) } catch {
      toolbox.warn("\(error); \(consolation)")
      return .goOn
    }
  }
}
