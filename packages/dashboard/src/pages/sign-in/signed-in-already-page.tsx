import { Navigate } from 'react-router';

/** The address of the set-up link, for who is signed in already. */
export default function SignedInAlreadyPage() {
  return <Navigate to="/start" replace />;
}
