import {moment, shortened} from './text.js';

// Why a digest, a tag or a leftover is kept or gone, in a sentence, as `tidemark explain` says it.

const looks = {kept: 'good', restored: 'good', spared: 'good', eligible: 'warn', undecided: 'warn', dangling: 'warn',
  deleted: 'bad', failed: 'bad', missing: 'bad', unexplained: 'bad'};
export const verdictLook = verdict => looks[verdict] || 'info';

const young = (chain, run) => ', written ' + moment(chain.because) + ': what was written since ' + moment(run.cutoff)
  + ' stays';

// Holds and policies say themselves why.
const pinned = (chain, itself, where) => chain.because.startsWith('held ')
  ? (itself ? 'it is ' : 'what leads to it is ') + chain.because + where : chain.because + where;

const rule = (chain, run) => {
  const where = chain.repository ? ' in ' + chain.repository : '';
  const itself = chain.steps.length === 1;
  switch (chain.rule) {
    case 'tag':
      return 'the tag ' + chain.repository + ':' + chain.steps[0].tag
        + (chain.steps.length === 2 ? ' names it' : ' leads to it');
    case 'untagged-root':
      return (itself ? 'it is a manifest' : 'a manifest' + where + ' leads to it')
        + ', and the run keeps manifests that no tag names';
    case 'young-manifest':
      return (itself ? 'it is a young manifest' : 'a young manifest leads to it') + where + young(chain, run);
    case 'young-blob': return 'it is a young blob' + young(chain, run);
    case 'young-link':
      return (itself ? 'a young layer link names it' : 'a young layer link leads to it') + where + young(chain, run);
    default: return pinned(chain, itself, where);
  }
};

const by = run => 'the run ' + run.run + ', asked for by ' + run.by
  + (run.approvedBy ? ' and approved by ' + run.approvedBy : '');

const restored = (fate, run) => 'the run ' + run.run + ' swept it into the trash, and it was put back on '
  + moment(fate.trash.at) + ': ' + fate.trash.why;

const ofDigest = ({verdict, run, fate, kept, references}) => {
  const reason = fate?.reason || 'nothing says why';
  switch (verdict) {
    case 'kept': return kept ? rule(kept, run) : 'what it is there with is live';
    case 'eligible': return reason + (run.dryRun ? '; in a dry run: nothing is deleted' : '; the run is ' + run.state);
    case 'deleted': return 'by ' + by(run) + ', on ' + moment(fate.at) + '; ' + reason;
    case 'restored': return restored(fate, run);
    case 'already-gone': return 'before ' + by(run) + ' came to delete it';
    case 'spared': return 'by the run ' + run.run + ': ' + fate.why;
    case 'failed': return 'the run ' + run.run + ' could not delete it: ' + fate.why + '; the next run tries again';
    case 'missing': return 'it is live and its blob is not there: what needs it is broken. ' + rule(kept, run);
    case 'absent': return references?.optional ? 'its blob is not there, and need not be'
      : 'its blob is not there, and nothing live needs it';
    case 'dangling': return 'a link names it, and its blob is not there: it protects nothing';
    case 'undecided': return 'the run ' + run.run + ' has not decided: it is ' + run.state;
    default: return 'the run ' + run.run + ' has decided, and not on it';
  }
};

const ofTag = ({verdict, run, repository, tag, digest, tree, problem, byPolicy, goneIn}) => {
  const name = 'the tag ' + repository + ':' + tag;
  const names = digest ? ' names ' + (tree?.what === 'index' ? 'the index ' : 'the manifest ') + shortened(digest) : '';
  switch (verdict) {
    case 'dangling': return problem ? name + ': ' + problem : name + names + ', whose blob is not there';
    case 'absent':
      return 'there is no ' + name.slice(4) + ' any more' + (goneIn ? ': the run ' + goneIn + ' did not find it' : '');
    case 'eligible': return 'the policy lets ' + name + ' go' + (run.dryRun ? ', in a dry run' : '');
    case 'deleted': return name + ', by ' + by(run) + (byPolicy?.at ? ', on ' + moment(byPolicy.at) : '');
    case 'spared': return 'the policy lets ' + name + ' go, and the sweep has left it: ' + byPolicy?.spared;
    case 'failed': return name + ' could not be deleted: ' + byPolicy?.spared;
    default: return name + names;
  }
};

const ofLeftover = ({verdict, run, kind, repository, path, kept, fate}) => {
  const name = 'the ' + kind + ' ' + (path || '') + (repository ? ' in ' + repository : '');
  switch (verdict) {
    case 'kept': return name + (kept ? ': ' + kept : ' is not old enough');
    case 'eligible': return name + ': ' + fate.reason;
    case 'deleted': return name + ', by ' + by(run) + ', on ' + moment(fate.at);
    default: return name + (fate?.why ? ': ' + fate.why : '');
  }
};

export const why = found => found.tag ? ofTag(found) : found.digest ? ofDigest(found) : ofLeftover(found);
