import FoveaCore
package import FoveaModel

extension PictureWork {
  /// What each layer puts out over all pictures of which it puts out anything, for a network that takes one.
  ///
  /// The numbers do not depend on how many threads there are: each picture goes through the network by itself, and they are added in
  /// the order of the inputs.
  ///
  /// - Parameter each: is called with what there is to say of each picture, and why it could not be looked at.
  /// - Throws: as ``run(cancellation:make:each:)``, and ``ModelError``.
  package func statistics(
    of pipeline: Pipeline, each: (Item, Failure?) throws -> Void = { _, _ in }
  ) throws -> (statistics: ActivationStatistics, summary: Summary) {
    let empty = try ActivationStatistics(of: pipeline.model)
    var statistics = empty
    let summary = try run(
      make: { _, picture throws(Failure) in
        let examples: [ActivationStatistics.Example]
        do throws(PipelineError) {
          let inputs = try pipeline.inputs(for: OneOrMore(picture)).tensors
          do throws(ModelError) { examples = try empty.looked(at: inputs) } catch { throw .model(error) }
        } catch { throw Failure(error.description, error.reason) }
        return examples
      },
      each: { item, made in
        switch made {
        case .success(let examples):
          for example in examples { statistics.add(example) }
          try each(item, nil)
        case .failure(let failure): try each(item, failure)
        }
      })
    return (statistics, summary)
  }
}
